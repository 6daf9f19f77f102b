"""What it is about: the object of the sentence."""

from collections.abc import Mapping
from typing import Final

from permissions.vocabulary import DataClass
from permissions.words.said import Words

C = DataClass

DATA_CLASSES: Final[Mapping[DataClass, Words]] = {
    C.PUPIL_IDENTITY: Words(
        "de identiteit van een leerling (naam, geboortedatum, geslacht)",
        "a pupil's identity (name, date of birth, sex)",
    ),
    C.PUPIL_NUMBER: Words(
        "het persoonsgebonden nummer van een leerling (alleen als sleutel bewaard)",
        "a pupil's national number (as a keyed index only, never stored as a number)",
    ),
    C.PUPIL_CONTACT: Words(
        "contactgegevens van de contactpersonen van een leerling",
        "the contact details of a pupil's contact persons",
    ),
    C.PUPIL_WHEREABOUTS: Words(
        "de woonplaats van een leerling (postcode en gemeente)",
        "a pupil's whereabouts (postcode and municipality)",
    ),
    C.PUPIL_ENROLMENT: Words(
        "de inschrijving en groepsindeling van een leerling",
        "a pupil's enrolment and class",
    ),
    C.ATTENDANCE_RATE: Words(
        "het aanwezigheidscijfer van een leerling (geroosterde en gevolgde tijd)",
        "a pupil's attendance rate (scheduled and attended time)",
    ),
    C.ATTENDANCE_SUMMARY: Words(
        "de samenvatting van de aanwezigheid (klasse en ontwikkeling, door de school aangeboden)",
        "the attendance summary (band and trend, offered by the school)",
    ),
    C.ATTENDANCE_UNAUTHORISED: Words(
        "het ongeoorloofd verzuim van een leerling", "a pupil's unauthorised absences"
    ),
    C.ATTENDANCE_AUTHORISED: Words(
        "het geoorloofd verzuim van een leerling (dat het er was, niet waarom)",
        "a pupil's authorised absences (that they were, not why)",
    ),
    C.ATTENDANCE_REASON: Words("de gewone redenen van verzuim", "the ordinary reasons of absences"),
    C.ATTENDANCE_REASON_HEALTH_FACT: Words(
        "het feit dat de reden van verzuim ziekte was (niet welke)",
        "the fact that the reason of an absence was illness (not which)",
    ),
    C.ATTENDANCE_REASON_HEALTH: Words(
        "redenen van verzuim die over de gezondheid gaan",
        "reasons of absences that are about health",
    ),
    C.ATTENDANCE_REASON_BELIEF: Words(
        "redenen van verzuim die over godsdienst of levensovertuiging gaan",
        "reasons of absences that are about religion or belief",
    ),
    C.ATTENDANCE_TIMETABLE: Words("het lesrooster van een leerling", "a pupil's timetable"),
    C.SIGNAL: Words(
        "de signalen dat een grens voor verzuim is bereikt (zonder reden en zonder ziekte)",
        "the signals that a threshold of absence was reached (no reason and no illness)",
    ),
    C.NOTICE_ILLNESS: Words(
        "ziekmeldingen van een leerling (dat er ziekte is, niet welke)",
        "notices of a pupil's illness (that there is one, not which)",
    ),
    C.NOTICE_BELIEF: Words(
        "meldingen van een plicht uit godsdienst of levensovertuiging van een leerling",
        "notices of a pupil's duty of religion or belief",
    ),
    C.LEAVE_REQUEST: Words(
        "verlofaanvragen voor een leerling (dagen, grond en besluit, zonder de toelichting)",
        "requests for a pupil's leave (days, ground and decision, without the explanation)",
    ),
    C.LEAVE_EXPLANATION: Words(
        "de toelichting bij een verlofaanvraag (vrije tekst)",
        "the explanation of a request for leave (free text)",
    ),
    C.EXEMPTION: Words(
        "vrijstellingen op een andere grond dan gezondheid of richting (Leerplichtwet art. 5 onder"
        " c, 5a, 15, 3a en 3b)",
        "exemptions on another ground than health or denomination (Leerplichtwet art. 5(c), 5a,"
        " 15, 3a and 3b)",
    ),
    C.EXEMPTION_HEALTH: Words(
        "vrijstellingen op lichamelijke of psychische gronden (art. 5 onder a; niet welke)",
        "exemptions on physical or psychological grounds (art. 5(a); not which)",
    ),
    C.EXEMPTION_BELIEF: Words(
        "vrijstellingen wegens bedenkingen tegen de richting van scholen (art. 5 onder b)",
        "exemptions for objection to the denomination of schools (art. 5(b))",
    ),
    C.NON_ENROLMENT: Words(
        "de dossierstukken over absoluut verzuim (op geen school ingeschreven)",
        "the records of non-enrolment (enrolled at no school)",
    ),
    C.REPORT_HEAD: Words(
        "de kop van de verzuimmelding (soort, datum, vestiging, leeftijd; zonder het uittreksel)",
        "the heading of the report (kind, date, branch, age; without the extract)",
    ),
    C.REPORT: Words(
        "de verzuimmelding (het uittreksel zoals het is vastgelegd)",
        "the report (the extract as it was frozen)",
    ),
    C.REPORT_CONTACT: Words(
        "de contactpersonen in de verzuimmelding (naam, relatie, telefoon, e-mail)",
        "the contact persons in the report (name, relation, telephone, e-mail)",
    ),
    C.REPORT_BACKGROUND: Words(
        "de toelichting bij de verzuimmelding (vrije tekst)",
        "the background of the report (free text)",
    ),
    C.INFORMATION_REQUEST: Words(
        "inlichtingenverzoeken aan de school en de antwoorden daarop",
        "requests for information to the school and the answers to them",
    ),
    C.DECISION: Words(
        "besluiten van het leerplichtbureau (verlof, verhoor, brief, proces-verbaal)",
        "decisions of the attendance office (leave, hearing, letter, official report)",
    ),
    C.CASE_CORE: Words(
        "de casus (dat die er is, stand, regie en overlegvorm)",
        "the case (that it exists, its state, lead and form)",
    ),
    C.CASE_IDENTITY: Words(
        "de identiteit van de jongere in de casus", "the young person's identity in the case"
    ),
    C.CASE_PARTICIPANTS: Words(
        "de deelnemers aan de casus en wat met hen wordt gedeeld",
        "the participants in the case and what is shared with them",
    ),
    C.CONFERENCE: Words(
        "overleggen in de casus (wanneer, met wie en wat is afgesproken)",
        "conferences in the case (when, with whom and what was agreed)",
    ),
    C.PLAN: Words("het plan van de casus", "the plan of the case"),
    C.ACTION: Words("de acties van het plan", "the actions of the plan"),
    C.NOTE_GENERAL: Words("algemene aantekeningen in de casus", "general notes in the case"),
    C.NOTE_SUPPORT: Words(
        "aantekeningen over ondersteuning in de casus", "notes on support in the case"
    ),
    C.NOTE_YOUTH_CARE: Words(
        "aantekeningen van de jeugdhulp in de casus", "notes of youth care in the case"
    ),
    C.NOTE_ENFORCEMENT: Words(
        "aantekeningen over de handhaving bij de melding", "notes on enforcement with the report"
    ),
    C.REFERRAL: Words(
        "het verwijsdossier (de vraag, de jongere en de uitkomst)",
        "the referral file (the question, the young person and the outcome)",
    ),
    C.CONSENT: Words(
        "de toestemmingen in de casus (wie, waarvoor, aan wie en tot wanneer)",
        "the consents in the case (by whom, for what, to whom and until when)",
    ),
    C.COURT_MEASURE: Words(
        "kinderbeschermingsmaatregelen (volgens de beschikking van de rechter)",
        "child protection measures (from the court's order)",
    ),
    C.EMERGENCY: Words(
        "ingeroepen noodtoegangen (wie, wanneer, met welke reden en het oordeel daarover)",
        "declared emergencies (who, when, for what reason and the finding on it)",
    ),
    C.QUALITY_BRANCH: Words(
        "de kwaliteit van de verzuimregistratie per week (aantallen, nooit over een leerling)",
        "the quality of attendance registration per week (counts, never about a pupil)",
    ),
    C.ADVICE: Words(
        "adviezen over het verzuimbeleid van een school (met haar antwoord; nooit over een"
        " leerling)",
        "advice on a school's absence policy (with its answer; never about a pupil)",
    ),
    C.AGGREGATE_BRANCH_EXACT: Words(
        "de eigen cijfers van de vestiging (exact, niet voor publicatie)",
        "the branch's own figures (exact, not for publication)",
    ),
    C.AGGREGATE_BRANCH: Words(
        "cijfers per vestiging (nooit over een leerling)", "figures by branch (never about a pupil)"
    ),
    C.AGGREGATE_BOARD: Words(
        "cijfers per schoolbestuur (nooit over een leerling)",
        "figures by school board (never about a pupil)",
    ),
    C.AGGREGATE_MUNICIPALITY: Words(
        "cijfers per gemeente (nooit over een leerling)",
        "figures by municipality (never about a pupil)",
    ),
    C.AGGREGATE_ALLIANCE: Words(
        "cijfers per samenwerkingsverband (nooit over een leerling)",
        "figures by support alliance (never about a pupil)",
    ),
    C.AGGREGATE_REGION: Words(
        "cijfers per Doorstroompuntregio (nooit over een leerling)",
        "figures by transition region (never about a pupil)",
    ),
    C.AGGREGATE_NATIONAL: Words(
        "landelijke cijfers (nooit over een leerling)", "national figures (never about a pupil)"
    ),
    C.LOG_OWN: Words(
        "het inzagelogboek van de jongere (welke functie inzag, wanneer en waarom)",
        "the young person's access log (which role looked, when and why)",
    ),
    C.LOG_OWN_SHIELDED: Words(
        "de afgeschermde regels van het inzagelogboek (verwijzing, noodtoegang, maatregel of"
        " onthouding)",
        "the shielded lines of the access log (a referral, an emergency, a measure or something"
        " withheld)",
    ),
    C.LOG_OWN_ORGANISATION: Words(
        "de organisaties in het inzagelogboek van de jongere (bij welke werd ingezien)",
        "the organisations in the young person's access log (at which somebody looked)",
    ),
    C.LOG_ORGANISATION: Words(
        "het inzagelogboek van de organisatie (wie inzag, wanneer en waarom; zonder de inhoud)",
        "the organisation's access log (who looked, when and why; without the contents)",
    ),
    C.IMPORT_RECEIPT: Words(
        "de ontvangstbewijzen en fouten van eigen aanleveringen",
        "the receipts and errors of its own deliveries",
    ),
    C.CHANGE: Words(
        "de vermeldingen dat iets is gewijzigd (soort en kenmerk, zonder inhoud)",
        "the notices that something changed (its kind and id, without contents)",
    ),
    C.STAFF: Words(
        "de medewerkers van de organisatie en hun functies", "the organisation's staff and roles"
    ),
    C.ORGANISATION: Words(
        "organisaties, hun vestigingen en overeenkomsten",
        "organisations, their branches and agreements",
    ),
}
"""What it is about: the object of the sentence."""
