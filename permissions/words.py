"""The words in which a rule is read aloud, Dutch and English, side by side.

Every member of every vocabulary has both; one without words fails, for a rule that cannot be
said cannot be judged. The Dutch is what a lawyer approves, and uses the terms of the law.
"""

from collections.abc import Mapping
from typing import Final, NamedTuple

from permissions.vocabulary import (
    Activity,
    DataClass,
    End,
    Purpose,
    Role,
    Tie,
)


class Words(NamedTuple):
    """One thing said in Dutch and in English."""

    nl: str
    en: str


ROLES: Final[Mapping[Role, Words]] = {
    Role.MENTOR: Words("Een mentor", "A mentor"),
    Role.ATTENDANCE_COORDINATOR: Words("Een verzuimcoördinator", "An attendance coordinator"),
    Role.SUPPORT_COORDINATOR: Words(
        "Een ondersteuningscoördinator van de school", "A support coordinator of the school"
    ),
    Role.HEAD_OF_SCHOOL: Words("Een directeur van de school", "A head of school"),
    Role.ATTENDANCE_OFFICER: Words("Een leerplichtambtenaar", "An attendance officer"),
    Role.ATTENDANCE_ADVISER: Words(
        "Een adviseur schoolaanwezigheid van het leerplichtbureau", "An attendance adviser"
    ),
    Role.ALLIANCE_CONSULTANT: Words(
        "Een consulent van het samenwerkingsverband", "A consultant of the alliance"
    ),
    Role.ALLIANCE_ANALYST: Words(
        "Een analist van het samenwerkingsverband", "An analyst of the alliance"
    ),
    Role.YOUTH_CARE_WORKER: Words("Een jeugdhulpverlener", "A youth care worker"),
    Role.GUARDIAN: Words(
        "Een ouder of voogd met gezag", "A parent or guardian with parental authority"
    ),
    Role.SCHOOL_SYSTEM: Words("Een systeem van de school", "A system of the school"),
    Role.ABSENCE_REGISTER: Words("Het verzuimregister", "The absence register"),
    Role.ORGANISATION_ADMINISTRATOR: Words(
        "Een beheerder van een organisatie", "An administrator of an organisation"
    ),
    Role.PLATFORM_OPERATOR: Words("Een beheerder van het platform", "An operator of the platform"),
    Role.PLATFORM_JOB: Words(
        "Een geautomatiseerde taak van het platform", "An automated task of the platform"
    ),
}
"""Who: the subject of the sentence, with its article."""

ACTIVITIES: Final[Mapping[Activity, Words]] = {
    Activity.READ: Words("{what} inzien", "read {what}"),
    Activity.WRITE: Words("{what} vastleggen", "write {what}"),
    Activity.IMPORT: Words("{what} aanleveren", "deliver {what}"),
    Activity.REGISTER: Words("{what} registreren", "register {what}"),
    Activity.MANDATE: Words("mandaat verlenen voor {what}", "give a mandate for {what}"),
    Activity.PREPARE: Words("{what} opstellen", "prepare {what}"),
    Activity.SEND: Words("{what} verzenden", "send {what}"),
    Activity.ALLOCATE: Words(
        "{what} toewijzen aan het bevoegde leerplichtbureau",
        "allocate {what} to the attendance office that is competent",
    ),
    Activity.TAKE_ON: Words("{what} in behandeling nemen", "take on {what}"),
    Activity.OPEN: Words("{what} openen", "open {what}"),
    Activity.INVITE: Words(
        "andere partijen uitnodigen voor {what}", "invite other parties to {what}"
    ),
    Activity.AGREE: Words("instemmen met {what}", "agree to {what}"),
    Activity.OFFER: Words("{what} aanbieden aan een casus", "offer {what} to a case"),
    Activity.CLOSE: Words("{what} afsluiten", "close {what}"),
    Activity.APPOINT: Words(
        "{what} aanwijzen en die aanwijzing beëindigen", "appoint {what} and end the appointment"
    ),
    Activity.AGGREGATE: Words(
        "{what} samentellen tot cijfers over groepen", "add up {what} to figures about groups"
    ),
    Activity.ACCOUNT: Words(
        "uit de vastgelegde handelingen {what} samenstellen", "compile {what} from the trace"
    ),
}
"""What is done: a phrase around the data, in the order of the language."""

DATA_CLASSES: Final[Mapping[DataClass, Words]] = {
    DataClass.PUPIL_IDENTITY: Words(
        "de identiteit van een leerling (naam, geboortedatum, geslacht)",
        "a pupil's identity (name, date of birth, sex)",
    ),
    DataClass.PUPIL_NUMBER: Words(
        "het persoonsgebonden nummer van een leerling (alleen als sleutel bewaard)",
        "a pupil's national number (as a keyed index only, never stored as a number)",
    ),
    DataClass.PUPIL_CONTACT: Words(
        "contactgegevens van de contactpersonen van een leerling",
        "the contact details of a pupil's contact persons",
    ),
    DataClass.PUPIL_WHEREABOUTS: Words(
        "de woonplaats van een leerling (postcode en gemeente)",
        "a pupil's whereabouts (postcode and municipality)",
    ),
    DataClass.PUPIL_ENROLMENT: Words(
        "de inschrijving en groepsindeling van een leerling",
        "a pupil's enrolment and class",
    ),
    DataClass.ATTENDANCE_RATE: Words(
        "het aanwezigheidscijfer van een leerling (geroosterde en gevolgde tijd)",
        "a pupil's attendance rate (scheduled and attended time)",
    ),
    DataClass.ATTENDANCE_SUMMARY: Words(
        "de samenvatting van de aanwezigheid (klasse en ontwikkeling, door de school aangeboden)",
        "the attendance summary (band and trend, offered by the school)",
    ),
    DataClass.ATTENDANCE_UNAUTHORISED: Words(
        "het ongeoorloofd verzuim van een leerling", "a pupil's unauthorised absences"
    ),
    DataClass.ATTENDANCE_AUTHORISED: Words(
        "het geoorloofd verzuim van een leerling (dat het er was, niet waarom)",
        "a pupil's authorised absences (that they were, not why)",
    ),
    DataClass.ATTENDANCE_REASON: Words(
        "de gewone redenen van verzuim", "the ordinary reasons of absences"
    ),
    DataClass.ATTENDANCE_REASON_HEALTH_FACT: Words(
        "het feit dat de reden van verzuim ziekte was (niet welke)",
        "the fact that the reason of an absence was illness (not which)",
    ),
    DataClass.ATTENDANCE_REASON_HEALTH: Words(
        "redenen van verzuim die over de gezondheid gaan",
        "reasons of absences that are about health",
    ),
    DataClass.ATTENDANCE_REASON_BELIEF: Words(
        "redenen van verzuim die over godsdienst of levensovertuiging gaan",
        "reasons of absences that are about religion or belief",
    ),
    DataClass.ATTENDANCE_TIMETABLE: Words("het lesrooster van een leerling", "a pupil's timetable"),
    DataClass.SIGNAL: Words(
        "de signalen dat een wettelijke grens is bereikt",
        "the signals that a threshold of the law was reached",
    ),
    DataClass.REPORT: Words(
        "de verzuimmelding (het uittreksel zoals het is vastgelegd)",
        "the report (the extract as it was frozen)",
    ),
    DataClass.REPORT_CONTACT: Words(
        "de contactpersonen in de verzuimmelding (naam, relatie, telefoon, e-mail)",
        "the contact persons in the report (name, relation, telephone, e-mail)",
    ),
    DataClass.CASE_CORE: Words(
        "de casus (dat die er is, stand, regie en overlegvorm)",
        "the case (that it exists, its state, lead and form)",
    ),
    DataClass.CASE_IDENTITY: Words(
        "de identiteit van de jongere in de casus", "the young person's identity in the case"
    ),
    DataClass.CASE_PARTICIPANTS: Words(
        "de deelnemers aan de casus en wat met hen wordt gedeeld",
        "the participants in the case and what is shared with them",
    ),
    DataClass.PLAN: Words("het plan van de casus", "the plan of the case"),
    DataClass.ACTION: Words("de acties van het plan", "the actions of the plan"),
    DataClass.NOTE_GENERAL: Words(
        "algemene aantekeningen in de casus", "general notes in the case"
    ),
    DataClass.AGGREGATE_BRANCH: Words(
        "cijfers per vestiging, nooit over een leerling", "figures by branch, never about a pupil"
    ),
    DataClass.AGGREGATE_MUNICIPALITY: Words(
        "cijfers per gemeente, nooit over een leerling",
        "figures by municipality, never about a pupil",
    ),
    DataClass.AGGREGATE_ALLIANCE: Words(
        "cijfers per samenwerkingsverband, nooit over een leerling",
        "figures by alliance, never about a pupil",
    ),
    DataClass.LOG_OWN: Words(
        "het inzagelogboek van de jongere (wie inzag, wanneer en waarom)",
        "the young person's access log (who looked, when and why)",
    ),
    DataClass.IMPORT_RECEIPT: Words(
        "de ontvangstbewijzen en fouten van eigen aanleveringen",
        "the receipts and errors of its own deliveries",
    ),
    DataClass.STAFF: Words(
        "de medewerkers van de organisatie en hun functies", "the organisation's staff and roles"
    ),
    DataClass.ORGANISATION: Words(
        "organisaties, hun vestigingen en overeenkomsten",
        "organisations, their branches and agreements",
    ),
}
"""What it is about: the object of the sentence."""

PURPOSES: Final[Mapping[Purpose, Words]] = {
    Purpose.DAILY_GUIDANCE: Words(
        "de dagelijkse begeleiding van leerlingen", "the daily guidance of pupils"
    ),
    Purpose.CASE_COORDINATION: Words(
        "de coördinatie van hulp in een casus", "coordinating help in a case"
    ),
    Purpose.COMPULSORY_SCHOOLING: Words(
        "de handhaving van de leerplicht", "enforcing compulsory schooling"
    ),
    Purpose.PREVENTION_ADVICE: Words(
        "advies om verzuim te voorkomen", "advice on preventing absence"
    ),
    Purpose.SPECIAL_NEEDS_SUPPORT: Words(
        "extra ondersteuning in het onderwijs (passend onderwijs)", "special needs support"
    ),
    Purpose.YOUTH_CARE: Words("jeugdhulp", "youth care"),
    Purpose.POLICY_STATISTICS: Words("beleidsstatistiek", "policy statistics"),
    Purpose.OWN_DATA: Words(
        "de inzage in gegevens van het eigen kind", "access to one's own child's data"
    ),
    Purpose.DATA_DELIVERY: Words(
        "de aanlevering van gegevens door de school", "delivering the school's data"
    ),
    Purpose.ACCOUNTABILITY: Words(
        "de verantwoording van wie wat inzag", "accounting for who looked at what"
    ),
    Purpose.ADMINISTRATION: Words(
        "het beheer van de eigen organisatie", "administering the organisation"
    ),
    Purpose.OPERATION: Words("het beheer van het platform", "operating the platform"),
}
"""What for: after 'voor', 'for'."""

TIES: Final[Mapping[Tie, Words]] = {
    Tie.CLASS_ASSIGNMENT: Words(
        "de toewijzing aan de klas van de leerling loopt",
        "an assignment to the pupil's class",
    ),
    Tie.BRANCH_ASSIGNMENT: Words(
        "de toewijzing loopt aan de vestiging waar de leerling is ingeschreven of de melding is"
        " opgesteld",
        "an assignment to the branch where the pupil is enrolled or the report was prepared",
    ),
    Tie.HEAD_MANDATE: Words(
        "het mandaat van de directeur en de toewijzing aan de vestiging lopen",
        "the head's mandate and an assignment to the branch",
    ),
    Tie.SUPPORT_INVOLVEMENT: Words(
        "de eigen deelname loopt aan een casus over een leerling van de eigen vestiging",
        "taking part in a case about a pupil of the own branch",
    ),
    Tie.SCHOOL_IN_CASE: Words(
        "de school aan de casus deelneemt en de leerling daar is ingeschreven",
        "the school's part in the case about a pupil enrolled there",
    ),
    Tie.REPORT_ALLOCATION: Words(
        "de melding is toegewezen aan het leerplichtbureau van de woongemeente",
        "the report's allocation to the office of the municipality of residence",
    ),
    Tie.OWN_FILE: Words(
        "het een zelf behandelde en gesloten melding is waarvan de bewaartermijn loopt",
        "having taken on the report, which is closed and still retained",
    ),
    Tie.CASE_LEAD: Words("de eigen regie over de casus loopt", "leading the case"),
    Tie.CASE_PARTICIPATION: Words(
        "de eigen deelname aan de casus loopt", "taking part in the case"
    ),
    Tie.INVITATION: Words(
        "een uitnodiging voor de casus aan de eigen organisatie open staat",
        "an unanswered invitation to the case",
    ),
    Tie.AUTHORITY: Words(
        "het ouderlijk gezag over de jongere loopt", "parental authority over the young person"
    ),
    Tie.OWN_CONTACT: Words(
        "het de eigen contactgegevens zijn en het ouderlijk gezag loopt",
        "being that contact person, with parental authority",
    ),
    Tie.MANDATE: Words(
        "het mandaat van de organisatie voor dat gebied en de eigen toewijzing lopen",
        "the organisation's mandate for that area and one's own assignment",
    ),
    Tie.DELIVERY_AGREEMENT: Words(
        "de leveringsovereenkomst voor de vestiging loopt",
        "the delivery agreement for the branch",
    ),
    Tie.REGISTER_TASK: Words(
        "de melding via het register loopt en nog niet in behandeling is",
        "the report's passing through the register, before it is taken on",
    ),
    Tie.APPOINTMENT: Words(
        "de aanwijzing als beheerder van de organisatie loopt",
        "the appointment at the organisation",
    ),
    Tie.PROCESSING_AGREEMENT: Words(
        "de verwerkersovereenkomst met de verwerkingsverantwoordelijke loopt",
        "the processing agreement with the controller",
    ),
}
"""The tie: after 'zolang' a clause, after 'tied by' a noun."""

ENDS: Final[Mapping[End, Words]] = {
    End.ASSIGNMENT: Words("de toewijzing eindigt", "the assignment ends"),
    End.MANDATE: Words("het mandaat eindigt", "the mandate ends"),
    End.PARTICIPATION: Words("de deelname eindigt", "the participation ends"),
    End.INVITATION_ANSWERED: Words(
        "de uitnodiging is beantwoord of ingetrokken", "the invitation is answered or withdrawn"
    ),
    End.CASE_CLOSED: Words("de casus is afgesloten", "the case is closed"),
    End.REPORT_CLOSED: Words("de melding is afgesloten", "the report is closed"),
    End.REPORT_RETENTION: Words(
        "de bewaartermijn van de melding eindigt", "the report's retention ends"
    ),
    End.AUTHORITY: Words("het gezag eindigt", "the authority ends"),
    End.AGREEMENT: Words("de overeenkomst eindigt", "the agreement ends"),
    End.APPOINTMENT: Words("de aanwijzing eindigt", "the appointment ends"),
}
"""What ends it: after 'tot', 'until'."""
