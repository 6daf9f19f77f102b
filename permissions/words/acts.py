"""What is done: a phrase around the data, in the order of the language."""

from collections.abc import Mapping
from typing import Final

from permissions.vocabulary import Activity, DataClass, Rule
from permissions.words.data import DATA_CLASSES
from permissions.words.said import Words

A, C = Activity, DataClass

ACTIVITIES: Final[Mapping[Activity, Words]] = {
    A.READ: Words("{what} inzien", "read {what}"),
    A.WRITE: Words("{what} vastleggen", "write {what}"),
    A.IMPORT: Words("{what} aanleveren", "deliver {what}"),
    A.REGISTER: Words("{what} registreren", "register {what}"),
    A.END: Words("de registratie van {what} beëindigen", "end the registration of {what}"),
    A.MANDATE: Words("mandaat verlenen voor {what}", "give a mandate for {what}"),
    A.CORRECT: Words("{what} corrigeren", "correct {what}"),
    A.PREPARE: Words("{what} opstellen", "prepare {what}"),
    A.APPROVE: Words("{what} goedkeuren", "approve {what}"),
    A.SEND: Words("{what} verzenden", "send {what}"),
    A.ALLOCATE: Words(
        "{what} toewijzen aan het bevoegde leerplichtbureau",
        "allocate {what} to the attendance office that is competent",
    ),
    A.ASSIGN: Words(
        "het werk verdelen en vervanging regelen aan de hand van {what}",
        "divide the work and arrange replacement from {what}",
    ),
    A.TAKE_ON: Words("{what} in behandeling nemen", "take on {what}"),
    A.ASK_BACK: Words(
        "de school om verduidelijking van {what} vragen", "ask the school to clarify {what}"
    ),
    A.DECIDE: Words("besluiten over {what}", "decide on {what}"),
    A.REQUEST: Words("{what} indienen", "submit {what}"),
    A.ANSWER: Words("{what} beantwoorden", "answer {what}"),
    A.PROPOSE: Words("{what} voorstellen", "propose {what}"),
    A.OPEN: Words("{what} openen", "open {what}"),
    A.INVITE: Words("andere partijen uitnodigen voor {what}", "invite other parties to {what}"),
    A.AGREE: Words("instemmen met {what}", "agree to {what}"),
    A.OFFER: Words("{what} aanbieden aan een casus", "offer {what} to a case"),
    A.CLOSE: Words("{what} afsluiten", "close {what}"),
    A.LOCK: Words("{what} vastzetten", "lock {what}"),
    A.WITHHOLD: Words("{what} onthouden", "withhold {what}"),
    A.REFER: Words("verwijzen met {what}", "refer with {what}"),
    A.RECEIVE: Words("{what} in ontvangst nemen", "take receipt of {what}"),
    A.ADVISE: Words("adviseren over {what}", "advise on {what}"),
    A.GIVE: Words("{what} geven en intrekken", "give and withdraw {what}"),
    A.CONTEST: Words("{what} betwisten", "contest {what}"),
    A.OBJECT: Words("bezwaar maken over {what}", "object about {what}"),
    A.DECLARE: Words("{what} inroepen", "declare {what}"),
    A.REVIEW: Words("{what} achteraf beoordelen", "review {what} afterwards"),
    A.HOLD: Words("verzoeken {what} niet te wissen", "ask that {what} is not erased"),
    A.APPOINT: Words(
        "{what} aanwijzen en die aanwijzing beëindigen", "appoint {what} and end the appointment"
    ),
    A.AGGREGATE: Words(
        "{what} samentellen tot cijfers over groepen", "add up {what} to figures about groups"
    ),
    A.ACCOUNT: Words(
        "uit de vastgelegde handelingen {what} samenstellen", "compile {what} from the trace"
    ),
    A.ERASE: Words(
        "{what} wissen zodra de bewaartermijn voorbij is", "erase {what} once its time is over"
    ),
}
"""Each activity, around whatever it is done with."""

ACTS: Final[Mapping[tuple[Activity, DataClass], Words]] = {
    (A.REGISTER, C.PUPIL_CONTACT): Words(
        "vastleggen wie contactpersoon of ouder van een leerling is, wie het gezag heeft en dat de"
        " leerling eigen toegang heeft",
        "register who is a pupil's contact person or parent, who has authority, and that the pupil"
        " has an account of their own",
    ),
    (A.REGISTER, C.PUPIL_WHEREABOUTS): Words(
        "vastleggen dat de verblijfplaats van een leerling beschermd is",
        "register that a pupil's whereabouts are protected",
    ),
    (A.END, C.PUPIL_CONTACT): Words(
        "beëindigen wat de school over gezag, ouderschap of eigen toegang van een leerling"
        " vastlegde",
        "end what the school registered of a pupil's authority, parentage or own account",
    ),
    (A.END, C.PUPIL_WHEREABOUTS): Words(
        "de bescherming beëindigen die de school van de verblijfplaats van een leerling vastlegde",
        "end the protection that the school registered of a pupil's whereabouts",
    ),
    (A.REGISTER, C.COURT_MEASURE): Words(
        "een kinderbeschermingsmaatregel registreren en beëindigen volgens de beschikking van de"
        " rechter",
        "register a child protection measure from the court's order, and end it",
    ),
    (A.APPOINT, C.STAFF): Words(
        "medewerkers in een functie aanwijzen en die aanwijzing beëindigen",
        "appoint staff in a role and end the appointment",
    ),
    (A.MANDATE, C.REPORT): Words(
        "mandaat verlenen om verzuimmeldingen te verzenden",
        "give a mandate to send absence reports",
    ),
    (A.DECIDE, C.ATTENDANCE_AUTHORISED): Words(
        "besluiten over verlof van een leerling tot en met tien dagen",
        "decide on a pupil's leave of up to ten days",
    ),
    (A.DECIDE, C.DECISION): Words(
        "besluiten nemen (verlof boven tien dagen, verhoor, brief, proces-verbaal)",
        "take decisions (leave above ten days, hearing, letter, official report)",
    ),
    (A.DECIDE, C.LEAVE_REQUEST): Words(
        "besluiten over verlof van een leerling boven tien dagen, het hoofd gehoord",
        "decide on a pupil's leave above ten days, after hearing the head",
    ),
    (A.REGISTER, C.EXEMPTION): Words(
        "een vrijstelling op een andere grond registreren bij het eigen leerplichtbureau",
        "register an exemption on another ground with one's own office",
    ),
    (A.REGISTER, C.EXEMPTION_HEALTH): Words(
        "een vrijstelling op lichamelijke of psychische gronden registreren bij het eigen"
        " leerplichtbureau",
        "register an exemption on physical or psychological grounds with one's own office",
    ),
    (A.REGISTER, C.EXEMPTION_BELIEF): Words(
        "een vrijstelling wegens bedenkingen tegen de richting registreren bij het eigen"
        " leerplichtbureau",
        "register an exemption for objection to the denomination with one's own office",
    ),
    (A.END, C.EXEMPTION): Words(
        "een vrijstelling op een andere grond beëindigen", "end an exemption on another ground"
    ),
    (A.END, C.EXEMPTION_HEALTH): Words(
        "een vrijstelling op lichamelijke of psychische gronden beëindigen",
        "end an exemption on physical or psychological grounds",
    ),
    (A.END, C.EXEMPTION_BELIEF): Words(
        "een vrijstelling wegens bedenkingen tegen de richting beëindigen",
        "end an exemption for objection to the denomination",
    ),
    (A.OPEN, C.NON_ENROLMENT): Words(
        "bij het eigen leerplichtbureau een stuk over absoluut verzuim openen",
        "open a record of non-enrolment with one's own office",
    ),
    (A.CLOSE, C.NON_ENROLMENT): Words(
        "een stuk over absoluut verzuim afsluiten", "close a record of non-enrolment"
    ),
    (A.REQUEST, C.NOTICE_ILLNESS): Words(
        "een leerling ziek en beter melden", "notify a pupil's illness and recovery"
    ),
    (A.REQUEST, C.NOTICE_BELIEF): Words(
        "een plicht uit godsdienst of levensovertuiging van een leerling melden",
        "notify a pupil's duty of religion or belief",
    ),
    (A.REQUEST, C.LEAVE_REQUEST): Words(
        "verlof voor een leerling aanvragen en die aanvraag intrekken",
        "request leave for a pupil and withdraw the request",
    ),
    (A.REQUEST, C.LEAVE_EXPLANATION): Words(
        "een verlofaanvraag toelichten", "explain a request for leave"
    ),
    (A.REQUEST, C.INFORMATION_REQUEST): Words(
        "bij de school een inlichtingenverzoek indienen (benoemde gegevens, met reden)",
        "submit a request for information to the school (named data, with the reason)",
    ),
    (A.ANSWER, C.INFORMATION_REQUEST): Words(
        "een inlichtingenverzoek van de leerplichtambtenaar beantwoorden",
        "answer an attendance officer's request for information",
    ),
    (A.PROPOSE, C.CASE_CORE): Words("een casus voorstellen", "propose a case"),
    (A.OPEN, C.CASE_CORE): Words("een casus openen uit een melding", "open a case from a report"),
    (A.INVITE, C.CASE_CORE): Words(
        "andere partijen uitnodigen voor de casus", "invite other parties to the case"
    ),
    (A.CLOSE, C.CASE_CORE): Words("de casus afsluiten", "close the case"),
    (A.WITHHOLD, C.CASE_CORE): Words(
        "het werk in de casus om een wettelijke reden, tot een datum, aan ouders onthouden",
        "withhold the work in the case from parents, for a legal reason and until a date",
    ),
    (A.CLOSE, C.AGGREGATE_BRANCH_EXACT): Words(
        "een periode afsluiten en daarmee de eigen cijfers van de vestiging vaststellen",
        "close a period and so settle the branch's own figures",
    ),
    (A.LOCK, C.AGGREGATE_BOARD): Words(
        "een afgesloten periode van een vestiging van het schoolbestuur vastzetten, zodat haar"
        " cijfers worden vastgelegd",
        "lock a closed period of a branch of the school board, so that its figures are settled",
    ),
    (A.REFER, C.REFERRAL): Words(
        "een jongere verwijzen en daarvoor het verwijsdossier opstellen",
        "refer a young person and prepare the referral file",
    ),
    (A.RECEIVE, C.REFERRAL): Words(
        "de ontvangst van het verwijsdossier bevestigen en de gecodeerde uitkomst melden",
        "confirm receipt of the referral file and report the coded outcome",
    ),
    (A.ADVISE, C.AGGREGATE_BRANCH): Words(
        "een advies aan een school over haar verzuimbeleid vastleggen",
        "record advice to a school on its absence policy",
    ),
    (A.ADVISE, C.LOG_ORGANISATION): Words(
        "adviseren over een betwisting, met het inzagelogboek van de organisatie",
        "advise on a contest, from the organisation's access log",
    ),
    (A.GIVE, C.CONSENT): Words(
        "toestemming geven en intrekken in de casus", "give and withdraw consent in the case"
    ),
    (A.CONTEST, C.ATTENDANCE_UNAUTHORISED): Words(
        "het geregistreerde ongeoorloofde verzuim betwisten",
        "contest a recorded unauthorised absence",
    ),
    (A.CONTEST, C.ATTENDANCE_AUTHORISED): Words(
        "het geregistreerde geoorloofde verzuim betwisten", "contest a recorded authorised absence"
    ),
    (A.OBJECT, C.LOG_OWN): Words(
        "bezwaar maken tegen inzage door een ouder, waar een wet dat toelaat",
        "object to a parent's access, where an act allows that",
    ),
    (A.DECLARE, C.EMERGENCY): Words(
        "noodtoegang inroepen, met opgave van de reden",
        "declare an emergency, giving the reason",
    ),
    (A.REVIEW, C.EMERGENCY): Words(
        "een ingeroepen noodtoegang achteraf beoordelen",
        "review a declared emergency afterwards",
    ),
    (A.HOLD, C.LOG_ORGANISATION): Words(
        "verzoeken dat gegevens in afwachting van een beoordeling niet worden gewist",
        "ask that nothing is erased while a matter is judged",
    ),
}
"""Acts for which the activity and the data together have a name of their own."""


_DESCRIBED: Final = frozenset({A.READ, A.IMPORT})
"""Acts that give or take data whole: there the sentence says what is in it."""


def act_of(rule: Rule) -> Words:
    """Return what a rule permits, as the phrase after 'mag', 'may'.

    Raises:
        KeyError: the activity or the data class has no words.
    """
    named = ACTS.get((rule.may, rule.what))
    if named is not None:
        return named
    act, data = ACTIVITIES[rule.may], DATA_CLASSES[rule.what]
    if rule.may not in _DESCRIBED:
        data = Words(data.nl.partition(" (")[0], data.en.partition(" (")[0])
    return Words(act.nl.format(what=data.nl), act.en.format(what=data.en))
