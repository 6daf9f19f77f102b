"""Who may, and what for."""

from collections.abc import Mapping
from typing import Final

from permissions.vocabulary import Purpose, Role
from permissions.words.said import Words

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
    Role.OFFICE_ALLOCATOR: Words(
        "Een werkverdeler van het leerplichtbureau", "An allocator of the attendance office"
    ),
    Role.TRANSITION_COACH: Words(
        "Een coach van het Doorstroompunt", "A coach of the transition region"
    ),
    Role.BOARD_ANALYST: Words(
        "Een analist van het schoolbestuur", "An analyst of the school board"
    ),
    Role.ALLIANCE_CONSULTANT: Words(
        "Een consulent van het samenwerkingsverband", "A consultant of the support alliance"
    ),
    Role.ALLIANCE_ANALYST: Words(
        "Een analist van het samenwerkingsverband", "An analyst of the support alliance"
    ),
    Role.YOUTH_DOCTOR: Words("Een jeugdarts", "A youth doctor"),
    Role.YOUTH_CARE_WORKER: Words("Een jeugdhulpverlener", "A youth care worker"),
    Role.CHILD_PROTECTION_WORKER: Words(
        "Een jeugdbeschermer van een gecertificeerde instelling",
        "A child protection worker of a certified institution",
    ),
    Role.REFERRAL_PARTNER: Words(
        "Een medewerker van Halt, de Raad voor de Kinderbescherming, het Openbaar Ministerie of"
        " Veilig Thuis",
        "A worker of Halt, the Child Protection Board, the Public Prosecution Service or Veilig"
        " Thuis",
    ),
    Role.INSPECTOR: Words("Een inspecteur van het onderwijs", "An inspector of education"),
    Role.POLICY_MAKER: Words(
        "Een beleidsmedewerker van het ministerie", "A policy maker of the ministry"
    ),
    Role.GUARDIAN: Words(
        "Een ouder of voogd met gezag", "A parent or guardian with parental authority"
    ),
    Role.PARENT_WITHOUT_AUTHORITY: Words(
        "Een ouder zonder gezag", "A parent without parental authority"
    ),
    Role.YOUNG_PERSON: Words("Een jongere", "A young person"),
    Role.SCHOOL_SYSTEM: Words("Een systeem van de school", "A system of the school"),
    Role.REPORTING_CLIENT: Words(
        "Een rapportagesysteem van een organisatie", "A reporting system of an organisation"
    ),
    Role.ABSENCE_REGISTER: Words("Het verzuimregister", "The absence register"),
    Role.PRIVACY_OFFICER: Words(
        "Een functionaris voor gegevensbescherming", "A data protection officer"
    ),
    Role.ORGANISATION_ADMINISTRATOR: Words(
        "Een beheerder van een organisatie", "An administrator of an organisation"
    ),
    Role.PLATFORM_OPERATOR: Words("Een beheerder van het platform", "An operator of the platform"),
    Role.PLATFORM_JOB: Words(
        "Een geautomatiseerde taak van het platform", "An automated task of the platform"
    ),
}
"""Who: the subject of the sentence, with its article."""

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
    Purpose.TRANSITION: Words(
        "de begeleiding van jongeren zonder startkwalificatie (Doorstroompunt)",
        "guiding young people without a basic qualification",
    ),
    Purpose.YOUTH_HEALTH: Words("de jeugdgezondheidszorg", "youth health care"),
    Purpose.YOUTH_CARE: Words("jeugdhulp en jeugdbescherming", "youth care and child protection"),
    Purpose.REFERRAL: Words("de behandeling van een verwijzing", "handling a referral"),
    Purpose.EMERGENCY: Words(
        "het afwenden van acuut gevaar voor een jongere",
        "averting acute danger to a young person",
    ),
    Purpose.SUPERVISION: Words("het toezicht op het onderwijs", "the supervision of education"),
    Purpose.POLICY_STATISTICS: Words("beleidsstatistiek", "policy statistics"),
    Purpose.OWN_DATA: Words(
        "de uitoefening van rechten op gegevens over zichzelf of het eigen kind",
        "exercising rights to data about oneself or one's own child",
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
