"""The fact that connects, and what ends it.

What each tie means as facts is said in `ops/decisions/0008-what-each-tie-means.md`.
"""

from collections.abc import Mapping
from typing import Final

from permissions.vocabulary import Activity, DataClass, End, Rule, Tie
from permissions.words.said import Words

A, C, T = Activity, DataClass, Tie

TIES: Final[Mapping[Tie, Words]] = {
    T.CLASS_ASSIGNMENT: Words(
        "de toewijzing aan de klas van de leerling loopt", "assigned to the pupil's class"
    ),
    T.BRANCH_ASSIGNMENT: Words(
        "de toewijzing loopt aan de vestiging van de leerling of van de melding",
        "assigned to the branch of the pupil or of the report",
    ),
    T.FORMER_ENROLMENT: Words(
        "de toewijzing loopt aan de vestiging waar de leerling het laatst was ingeschreven en die"
        " inschrijving korter dan vijf jaar geleden is geëindigd",
        "assigned to the branch of the pupil's last enrolment, which ended less than five years"
        " ago",
    ),
    T.HEAD_MANDATE: Words(
        "het mandaat van de directeur en de toewijzing aan de vestiging van de melding lopen",
        "holding the head's mandate and assigned to the branch that prepared the report",
    ),
    T.SUPPORT_INVOLVEMENT: Words(
        "de eigen deelname loopt, namens de vestiging waar de leerling is ingeschreven, aan een"
        " casus over die leerling",
        "taking part, for the branch where the pupil is enrolled, in a case about that pupil",
    ),
    T.SCHOOL_IN_CASE: Words(
        "de toewijzing loopt aan de vestiging waar de leerling is ingeschreven en waarvoor de"
        " school aan de casus deelneemt",
        "assigned to the branch where the pupil is enrolled and for which the school takes part in"
        " the case",
    ),
    T.REPORT_ALLOCATION: Words(
        "de melding is toegewezen aan het eigen leerplichtbureau (dat van de woongemeente)",
        "the report is allocated to one's own office (that of the municipality of residence)",
    ),
    T.OWN_FILE: Words(
        "de melding, zelf in behandeling genomen en inmiddels afgesloten, nog wordt bewaard",
        "the report, taken on in person and closed since, is still retained",
    ),
    T.EARLIER_REPORT: Words(
        "een eerdere, afgesloten melding van het eigen bureau nog wordt bewaard en een andere"
        " melding over dezelfde jongere nu aan dat bureau is toegewezen",
        "an earlier, closed report of one's own office is still retained and another report about"
        " the same young person is allocated to that office now",
    ),
    T.OFFICE: Words(
        "de melding ligt bij het leerplichtbureau waarvoor men het werk verdeelt",
        "the report lies with the office for which one divides the work",
    ),
    T.RESIDENCE: Words(
        "het eigen leerplichtbureau de woongemeente bedient en het stuk nog wordt bewaard",
        "one's own office serves the municipality of residence and the record is still retained",
    ),
    T.OFFICE_RECORD: Words(
        "het eigen leerplichtbureau het stuk zelf houdt en nog bewaart",
        "one's own office keeps the record itself and still retains it",
    ),
    T.TRANSITION_REPORT: Words(
        "de verzonden melding 18+ (Doorstroompunt) een inwoner van de eigen regio betreft die nog"
        " geen 27 jaar is",
        "the report of kind 18+, once sent, is about a resident of one's own region who is not yet"
        " 27",
    ),
    T.CASE_LEAD: Words("de eigen regie over de casus loopt", "leading the case"),
    T.KEPT_CASE: Words(
        "de toewijzing loopt aan het leerplichtbureau dat de casus bewaart, open of afgesloten, en"
        " men die zelf heeft geopend",
        "assigned to the office that keeps the case, open or closed, which one opened oneself",
    ),
    T.CASE_PARTICIPATION: Words("de eigen deelname aan de casus loopt", "taking part in the case"),
    T.INVITATION: Words(
        "een uitnodiging voor de casus aan de eigen organisatie openstaat",
        "an invitation for one's own organisation to join the case is unanswered",
    ),
    T.OWN_NOTES: Words(
        "de eigen deelname loopt aan de casus waarin de eigen organisatie de aantekening maakte",
        "taking part in the case in which one's own organisation wrote the note",
    ),
    T.CONSENT: Words(
        "de eigen deelname aan de casus loopt en de toestemming geldt om de aantekening van de"
        " organisatie die haar maakte aan de eigen organisatie te verstrekken",
        "taking part in the case, with consent in force to disclose the note from the organisation"
        " that wrote it to one's own",
    ),
    T.COURT_MEASURE: Words(
        "de eigen deelname aan de casus over de jongere loopt en de eigen instelling een"
        " kinderbeschermingsmaatregel over die jongere uitvoert",
        "taking part in the case about the young person, with a child protection measure of one's"
        " own institution in force",
    ),
    T.REFERRAL: Words(
        "een verwijzing van de jongere naar de eigen organisatie en functie loopt",
        "a referral of the young person to one's own organisation and role is in force",
    ),
    T.STATUTORY_REFERRAL: Words(
        "een verwijzing van de jongere voor een wettelijke taak van het samenwerkingsverband loopt",
        "a referral of the young person for a statutory task of the support alliance is in force",
    ),
    T.WORKING_RELATION: Words(
        "de eigen organisatie in deze functie met de jongere werkt (door deelname aan een casus,"
        " door een verwijzing of, bij leerplicht, door een toegewezen melding)",
        "one's own organisation works with the young person in this role (by taking part in a case,"
        " by a referral or, for an attendance officer, by an allocated report)",
    ),
    T.EMERGENCY: Words(
        "de zelf ingeroepen noodtoegang voor de jongere loopt (dertig minuten)",
        "the emergency that one declared about the young person lasts (thirty minutes)",
    ),
    T.AUTHORITY: Words(
        "het gezag over de jongere loopt (uiterlijk tot 18 jaar)",
        "authority over the young person lasts (to 18 at the latest)",
    ),
    T.AUTHORITY_UNPROTECTED: Words(
        "het gezag over de jongere loopt en de verblijfplaats van de jongere niet is beschermd",
        "authority over the young person lasts and the young person's whereabouts are not"
        " protected",
    ),
    T.AUTHORITY_UNDER_16: Words(
        "het gezag over de jongere loopt en de jongere nog geen 16 jaar is",
        "authority over the young person lasts and the young person is not yet 16",
    ),
    T.FAMILY_FILE: Words(
        "het gezag over de jongere loopt, de jongere nog geen 16 jaar is, de verblijfplaats niet"
        " is beschermd en geen wettelijke reden geldt om het werk in de casus te onthouden",
        "authority over the young person lasts, the young person is not yet 16, the whereabouts"
        " are not protected and no legal reason to withhold the work in the case is in force",
    ),
    T.OWN_CONTACT: Words(
        "het de eigen contactgegevens zijn en het gezag over de jongere loopt",
        "the contact details are one's own and authority over the young person lasts",
    ),
    T.FILIATION: Words(
        "het ouderschap is geregistreerd en niet door de rechter beperkt, de jongere nog geen 18"
        " jaar is en de verblijfplaats niet is beschermd",
        "parentage is registered and not limited by a court, the young person is not yet 18 and"
        " the whereabouts are not protected",
    ),
    T.SELF_FROM_12: Words(
        "de eigen toegang loopt en de jongere 12 jaar of ouder is",
        "one's own account lasts, from the age of 12",
    ),
    T.SELF_FROM_16: Words(
        "de eigen toegang loopt en de jongere 16 jaar of ouder is",
        "one's own account lasts, from the age of 16",
    ),
    T.MANDATE: Words(
        "het mandaat van de eigen organisatie voor dat gebied of bestuur en de eigen toewijzing"
        " of aansluiting lopen",
        "one's own organisation holds a mandate for that area or board and the assignment or"
        " connection to it lasts",
    ),
    T.COMPARISON: Words(
        "de eigen organisatie een mandaat heeft voor een gebied of bestuur dat daarin ligt of daar"
        " vestigingen heeft, en de toewijzing aan de eigen organisatie loopt",
        "one's own organisation holds a mandate for an area or board that lies or has branches"
        " there and the assignment to it lasts",
    ),
    T.DELIVERY_AGREEMENT: Words(
        "de leveringsovereenkomst voor de vestiging loopt",
        "the delivery agreement for the branch lasts",
    ),
    T.REGISTER_TASK: Words(
        "de melding via het register loopt en nog niet in behandeling is",
        "the report passes through the register and is not yet taken on",
    ),
    T.APPOINTMENT: Words(
        "de aanwijzing bij de organisatie loopt", "the appointment at the organisation lasts"
    ),
    T.PROCESSING_AGREEMENT: Words(
        "de verwerkersovereenkomst met de verwerkingsverantwoordelijke loopt",
        "the processing agreement with the controller lasts",
    ),
}
"""Each tie, said of whatever it connects: after 'zolang', 'while'."""

_TO_PUPIL = Words(
    "de toewijzing loopt aan de vestiging waar de leerling is ingeschreven",
    "assigned to the branch where the pupil is enrolled",
)
_TO_REPORT = Words(
    "de toewijzing loopt aan de vestiging die de melding heeft opgesteld",
    "assigned to the branch that prepared the report",
)
_TO_BRANCH = Words("de toewijzing aan de vestiging loopt", "assigned to the branch")
_CLASS_AND_CASE = Words(
    "de toewijzing aan de klas van de leerling loopt en de school aan de casus over die leerling"
    " deelneemt",
    "assigned to the pupil's class, with the school taking part in the case about that pupil",
)
_AT_SCHOOL = Words(
    ", en de jongere is vandaag ingeschreven bij het schoolbestuur dat dit registreerde",
    ", and the young person is enrolled today with the school board that registered it",
)
_SENT = Words(", en de melding is verzonden", ", and the report was sent")

TIES_THERE: Final[Mapping[tuple[Tie, Activity, DataClass], Words]] = {
    **{(T.CLASS_ASSIGNMENT, A.READ, what): _CLASS_AND_CASE for what in (C.PLAN, C.ACTION)},
    (T.CLASS_ASSIGNMENT, A.WRITE, C.NOTE_GENERAL): _CLASS_AND_CASE,
    **{
        (T.BRANCH_ASSIGNMENT, A.READ, what): _TO_PUPIL
        for what in (
            C.PUPIL_IDENTITY, C.PUPIL_CONTACT, C.PUPIL_WHEREABOUTS, C.PUPIL_ENROLMENT,
            C.ATTENDANCE_RATE, C.ATTENDANCE_UNAUTHORISED, C.ATTENDANCE_AUTHORISED,
            C.ATTENDANCE_REASON, C.ATTENDANCE_REASON_HEALTH_FACT, C.ATTENDANCE_TIMETABLE, C.SIGNAL,
            C.NOTICE_ILLNESS, C.NOTICE_BELIEF, C.LEAVE_REQUEST, C.LEAVE_EXPLANATION,
        )
    },
    **{
        (T.BRANCH_ASSIGNMENT, may, what): _TO_PUPIL
        for may, what in (
            (A.REGISTER, C.PUPIL_CONTACT), (A.REGISTER, C.PUPIL_WHEREABOUTS),
            (A.END, C.PUPIL_CONTACT), (A.END, C.PUPIL_WHEREABOUTS),
            (A.CORRECT, C.ATTENDANCE_UNAUTHORISED), (A.CORRECT, C.ATTENDANCE_AUTHORISED),
            (A.DECIDE, C.ATTENDANCE_AUTHORISED), (A.PREPARE, C.REPORT), (A.PROPOSE, C.CASE_CORE),
            (A.REFER, C.REFERRAL),
        )
    },
    **{
        (T.BRANCH_ASSIGNMENT, may, what): _TO_REPORT
        for may, what in (
            (A.READ, C.REPORT_HEAD), (A.READ, C.REPORT), (A.READ, C.REPORT_CONTACT),
            (A.READ, C.INFORMATION_REQUEST), (A.APPROVE, C.REPORT),
            (A.ANSWER, C.INFORMATION_REQUEST),
        )
    },
    **{
        (T.BRANCH_ASSIGNMENT, may, what): _TO_BRANCH
        for may, what in (
            (A.MANDATE, C.REPORT), (A.READ, C.AGGREGATE_BRANCH_EXACT), (A.READ, C.QUALITY_BRANCH),
            (A.CLOSE, C.AGGREGATE_BRANCH_EXACT),
        )
    },
    **{
        (T.FAMILY_FILE, A.READ, what): Words(
            "het gezag over de jongere loopt, de jongere nog geen 16 jaar is en de verblijfplaats"
            " niet is beschermd, bij een stuk dat het bureau op een melding van de school heeft"
            " gebouwd",
            "authority over the young person lasts, the young person is not yet 16 and the"
            " whereabouts are not protected, of a record that the office built on a school's"
            " report",
        )
        for what in (C.EXEMPTION, C.EXEMPTION_HEALTH, C.EXEMPTION_BELIEF, C.NON_ENROLMENT)
    },
    **{
        (tie, A.READ, what): Words(TIES[tie].nl + _SENT.nl, TIES[tie].en + _SENT.en)
        for tie in (T.AUTHORITY_UNPROTECTED, T.SELF_FROM_16)
        for what in (C.REPORT_HEAD, C.REPORT)
    },
    **{
        (tie, may, what): Words(TIES[tie].nl + _AT_SCHOOL.nl, TIES[tie].en + _AT_SCHOOL.en)
        for tie, may, what in (
            (T.AUTHORITY_UNDER_16, A.READ, C.LOG_OWN),
            (T.AUTHORITY_UNPROTECTED, A.READ, C.LOG_OWN_ORGANISATION),
            (T.SELF_FROM_16, A.READ, C.LOG_OWN),
            (T.SELF_FROM_16, A.READ, C.LOG_OWN_ORGANISATION),
            (T.SELF_FROM_16, A.OBJECT, C.LOG_OWN),
        )
    },
    (T.CONSENT, A.WRITE, C.NOTE_GENERAL): Words(
        "de eigen deelname aan de casus loopt en de toestemming geldt om namens de eigen"
        " organisatie een algemene aantekening te delen",
        "taking part in the case, with consent in force for one's own organisation to share a"
        " general note",
    ),
}  # fmt: skip
"""Ties that reach several kinds of thing, said of the one that an act is about."""

ENDS: Final[Mapping[End, Words]] = {
    End.ASSIGNMENT: Words("de toewijzing eindigt", "the assignment ends"),
    End.SCHOOL_RETENTION: Words(
        "de bewaartermijn van de school eindigt", "the school's retention ends"
    ),
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
    End.OFFICE_RETENTION: Words(
        "de bewaartermijn van het leerplichtbureau eindigt", "the office's retention ends"
    ),
    End.AGE_27: Words("de jongere 27 jaar wordt", "the young person turns 27"),
    End.REFERRAL: Words("de verwijzing eindigt", "the referral ends"),
    End.CONSENT: Words(
        "de toestemming wordt ingetrokken of vervalt", "the consent is withdrawn or lapses"
    ),
    End.MEASURE: Words("de maatregel eindigt", "the measure ends"),
    End.EMERGENCY: Words("de noodtoegang eindigt", "the emergency access ends"),
    End.AUTHORITY: Words("het gezag eindigt", "the authority ends"),
    End.AGE_16: Words("de jongere 16 jaar wordt", "the young person turns 16"),
    End.FILIATION: Words(
        "de registratie van het ouderschap eindigt", "the registration of the parentage ends"
    ),
    End.ACCOUNT: Words("de eigen toegang eindigt", "one's own account ends"),
    End.AGREEMENT: Words("de overeenkomst eindigt", "the agreement ends"),
    End.APPOINTMENT: Words("de aanwijzing eindigt", "the appointment ends"),
}
"""What ends it: after 'tot', 'until'."""


def tie_of(rule: Rule) -> Words:
    """Return the tie of a rule, said of what the rule is about.

    Raises:
        KeyError: the tie has no words.
    """
    return TIES_THERE.get((rule.tie, rule.may, rule.what), TIES[rule.tie])
