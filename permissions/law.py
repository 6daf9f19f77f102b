"""The law in which a rule rests, said in Dutch and English: grounds, exceptions and sources.

A source in the table is written in English; its Dutch is here. A source without Dutch fails, so
that no lawyer is asked to approve what she was not told.
"""

from collections.abc import Mapping
from typing import Final

from permissions.vocabulary import TO_BE_CONFIRMED, Basis, Exception_
from permissions.words import Words

UNCONFIRMED: Final = Words("nog te bevestigen", TO_BE_CONFIRMED)
"""How a source that no lawyer has confirmed says so."""

BASES: Final[Mapping[Basis, Words]] = {
    Basis.LEGAL_DUTY: Words(
        "AVG art. 6 lid 1 onder c (wettelijke verplichting)", "AVG 6(1)(c) (legal duty)"
    ),
    Basis.PUBLIC_TASK: Words(
        "AVG art. 6 lid 1 onder e (taak van algemeen belang)", "AVG 6(1)(e) (public task)"
    ),
    Basis.CONSENT: Words("AVG art. 6 lid 1 onder a (toestemming)", "AVG 6(1)(a) (consent)"),
    Basis.VITAL_INTEREST: Words(
        "AVG art. 6 lid 1 onder d (vitaal belang)", "AVG 6(1)(d) (vital interest)"
    ),
    Basis.DATA_SUBJECT_RIGHT: Words(
        "AVG art. 15 (recht van de betrokkene)", "AVG 15 (right of the data subject)"
    ),
    Basis.RECTIFICATION: Words(
        "AVG art. 16 (recht op rectificatie)", "AVG 16 (right to rectification)"
    ),
    Basis.PROCESSOR: Words(
        "AVG art. 28 (als verwerker, in opdracht van de verantwoordelijke)",
        "AVG 28 (as processor, on the controller's instruction)",
    ),
}
"""The ground in law."""

EXCEPTIONS: Final[Mapping[Exception_, Words]] = {
    Exception_.UAVG_30_SCHOOL: Words("UAVG art. 30 lid 2 onder a", "UAVG 30(2)(a)"),
    Exception_.UAVG_30_AUTHORITY: Words("UAVG art. 30 lid 1 onder a", "UAVG 30(1)(a)"),
    Exception_.UAVG_30_CARE: Words("UAVG art. 30 lid 3 onder a", "UAVG 30(3)(a)"),
    Exception_.UAVG_22_CONSENT: Words(
        "AVG art. 9 lid 2 onder a met UAVG art. 22 lid 2 onder a (uitdrukkelijke toestemming)",
        "AVG 9(2)(a) with UAVG 22(2)(a) (explicit consent)",
    ),
    Exception_.LPW_13: Words(
        "AVG art. 9 lid 2 onder g met Leerplichtwet 1969 art. 11 onder e en art. 13",
        "AVG 9(2)(g) with Leerplichtwet 1969 art. 11(e) and 13",
    ),
    Exception_.LPW_5: Words(
        "AVG art. 9 lid 2 onder g met Leerplichtwet 1969 art. 5 tot en met 9",
        "AVG 9(2)(g) with Leerplichtwet 1969 art. 5 to 9",
    ),
    Exception_.LPW_21A: Words(
        "Leerplichtwet 1969 art. 21a met UAVG art. 30 lid 2 onder a",
        "Leerplichtwet 1969 art. 21a with UAVG 30(2)(a)",
    ),
    Exception_.UAVG_33_CRIMINAL: Words("UAVG art. 33 lid 1 onder a", "UAVG 33(1)(a)"),
    Exception_.DATA_SUBJECT: Words("AVG art. 15", "AVG 15"),
    Exception_.PROCESSOR: Words(
        "AVG art. 9 lid 2 onder g (als verwerker voor de school, AVG art. 28)",
        "AVG 9(2)(g) (as processor for the school, AVG 28)",
    ),
}
"""What lifts the prohibition of AVG art. 9 or 10."""

_SPECIAL: Final = Words("AVG art. 9", "AVG 9")
_CRIMINAL: Final = Words("AVG art. 10", "AVG 10")


def prohibition(exception: Exception_) -> Words:
    """Return the article whose prohibition an exception lifts: special categories or offences."""
    return _CRIMINAL if exception is Exception_.UAVG_33_CRIMINAL else _SPECIAL


SOURCES: Final[Mapping[str, str]] = {
    "AVG 15(4), UAVG 41: the rights of others, of the child first (to be confirmed)": (
        "AVG art. 15 lid 4, UAVG art. 41: de rechten van anderen, het kind voorop (nog te"
        " bevestigen)"
    ),
    "AVG 18(1): asks that nothing is erased": (
        "AVG art. 18 lid 1: verzoekt dat niets wordt gewist"
    ),
    "AVG 24 and 32: the controller decides who works with its data (to be confirmed)": (
        "AVG art. 24 en 32: de verantwoordelijke bepaalt wie met haar gegevens werkt (nog te"
        " bevestigen)"
    ),
    "AVG 28: an organisation's first administrator, on the controller's instruction": (
        "AVG art. 28: de eerste beheerder van een organisatie, in opdracht van de verantwoordelijke"
    ),
    "AVG 28: on the controller's instruction": (
        "AVG art. 28: in opdracht van de verantwoordelijke"
    ),
    "AVG 38 and 39": ("AVG art. 38 en 39"),
    "AVG 38(6) and 39: advises on a contest, the controller decides": (
        "AVG art. 38 lid 6 en art. 39: adviseert over een betwisting, de verantwoordelijke beslist"
    ),
    "AVG 5(2) and 28(3)(e)": ("AVG art. 5 lid 2 en art. 28 lid 3 onder e"),
    "AVG 5(1)(d): what is no longer so is ended, also of who left (to be confirmed)": (
        "AVG art. 5 lid 1 onder d: wat niet meer klopt wordt beëindigd, ook van wie vertrok (nog te"
        " bevestigen)"
    ),
    "AVG 5(1)(e) and 28(3): kept for as long as it can be read (to be confirmed)": (
        "AVG art. 5 lid 1 onder e en art. 28 lid 3: bewaard zolang opvragen mogelijk is (nog te"
        " bevestigen)"
    ),
    "AVG 6(1)(d): vital interests; reviewed afterwards (to be confirmed)": (
        "AVG art. 6 lid 1 onder d: vitale belangen; achteraf beoordeeld (nog te bevestigen)"
    ),
    "AVG art. 15(4): no whereabouts to whom they are protected from (to be confirmed)": (
        "AVG art. 15 lid 4: geen verblijfplaats aan wie daartegen bescherming geldt (nog te"
        " bevestigen)"
    ),
    "AVG art. 15; BW 1:245 and 1:377b": ("AVG art. 15; BW art. 1:245 en 1:377b"),
    "AVG art. 15; UAVG 5: from 16 the young person exercises the right": (
        "AVG art. 15; UAVG art. 5: vanaf 16 jaar oefent de jongere het recht uit"
    ),
    "AVG art. 15; UAVG 5: until 16 the parents exercise the right": (
        "AVG art. 15; UAVG art. 5: tot 16 jaar oefenen de ouders het recht uit"
    ),
    "AVG art. 16": ("AVG art. 16 (recht op rectificatie)"),
    "BW 1:255, Jeugdwet 7.3.11(4): a child protection measure (to be confirmed)": (
        "BW art. 1:255, Jeugdwet art. 7.3.11 lid 4: een kinderbeschermingsmaatregel (nog te"
        " bevestigen)"
    ),
    "BW 1:255: a measure is registered from the court's order (to be confirmed)": (
        "BW art. 1:255: een maatregel wordt geregistreerd volgens de beschikking van de"
        " rechter (nog te bevestigen)"
    ),
    "BW 1:377c: important facts, to a parent without authority (to be confirmed)": (
        "BW art. 1:377c: belangrijke feiten, aan een ouder zonder gezag (nog te bevestigen)"
    ),
    "BW 7:457: a doctor shares with consent alone": (
        "BW art. 7:457: een arts verstrekt alleen met toestemming"
    ),
    "Jeugdwet 7.3.11: consent of the young person or the parents": (
        "Jeugdwet art. 7.3.11: toestemming van de jongere of de ouders"
    ),
    "Jeugdwet 7.3.8: the provider's own file (to be confirmed)": (
        "Jeugdwet art. 7.3.8: het eigen dossier van de jeugdhulpverlener (nog te bevestigen)"
    ),
    "Leerplichtwet 1969 art. 11(g) and 14: the head decides on leave up to ten days": (
        "Leerplichtwet 1969 art. 11 onder g en art. 14: het hoofd besluit over verlof tot en"
        " met tien dagen"
    ),
    "Leerplichtwet 1969 art. 12: illness is notified to the head": (
        "Leerplichtwet 1969 art. 12: ziekte wordt aan het hoofd gemeld"
    ),
    "Leerplichtwet 1969 art. 12: who has authority notifies an illness": (
        "Leerplichtwet 1969 art. 12: wie het gezag heeft meldt een ziekte"
    ),
    "Leerplichtwet 1969 art. 13: a duty of belief is notified to the head": (
        "Leerplichtwet 1969 art. 13: een plicht uit godsdienst of levensovertuiging wordt aan het"
        " hoofd gemeld"
    ),
    "Leerplichtwet 1969 art. 13: who has authority notifies a duty of belief": (
        "Leerplichtwet 1969 art. 13: wie het gezag heeft meldt een plicht uit godsdienst of"
        " levensovertuiging"
    ),
    "Leerplichtwet 1969 art. 13a and 14: requests for leave go to the head": (
        "Leerplichtwet 1969 art. 13a en 14: verlof wordt bij het hoofd aangevraagd"
    ),
    "Leerplichtwet 1969 art. 13a and 14: who has authority requests leave": (
        "Leerplichtwet 1969 art. 13a en 14: wie het gezag heeft vraagt verlof aan"
    ),
    "Leerplichtwet 1969 art. 3a, 3b, 5 to 9 and 15: the municipality of residence receives or"
    " decides; its officer registers (to be confirmed)": (
        "Leerplichtwet 1969 art. 3a, 3b, 5 tot en met 9 en 15: de woongemeente ontvangt of besluit;"
        " haar ambtenaar registreert (nog te bevestigen)"
    ),
    "Leerplichtwet 1969 art. 19: the municipality of residence controls enrolment"
    " (to be confirmed)": (
        "Leerplichtwet 1969 art. 19: de woongemeente controleert de inschrijving (nog te"
        " bevestigen)"
    ),
    "AVG art. 15, UAVG 5: the office's record, until 16 to the parents (to be confirmed)": (
        "AVG art. 15, UAVG art. 5: het stuk van het bureau, tot 16 jaar aan de ouders (nog te"
        " bevestigen)"
    ),
    "AVG art. 15, UAVG 5: the office's record, from 16 to oneself (to be confirmed)": (
        "AVG art. 15, UAVG art. 5: het stuk van het bureau, vanaf 16 jaar aan de jongere zelf (nog"
        " te bevestigen)"
    ),
    "Leerplichtwet 1969 art. 14(3): above ten days the officer of the municipality of residence"
    " decides, after hearing the head": (
        "Leerplichtwet 1969 art. 14 lid 3: boven tien dagen beslist de leerplichtambtenaar van de"
        " woongemeente, het hoofd gehoord"
    ),
    "Bill 36 663: a school answers for its absence policy (to be confirmed)": (
        "Wetsvoorstel 36 663: een school staat voor haar verzuimbeleid (nog te bevestigen)"
    ),
    "Leerplichtwet 1969 art. 16 and 25; bill 36 663 (to be confirmed)": (
        "Leerplichtwet 1969 art. 16 en 25; wetsvoorstel 36 663 (nog te bevestigen)"
    ),
    "Leerplichtwet 1969 art. 16, 21a and 22": ("Leerplichtwet 1969 art. 16, 21a en 22"),
    "Leerplichtwet 1969 art. 16a; WOT": (
        "Leerplichtwet 1969 art. 16a; Wet op het onderwijstoezicht"
    ),
    "Leerplichtwet 1969 art. 18(3)": ("Leerplichtwet 1969 art. 18 lid 3"),
    "Leerplichtwet 1969 art. 21a(1): the head notifies; on the head's mandate": (
        "Leerplichtwet 1969 art. 21a lid 1: het hoofd meldt; in mandaat van het hoofd"
    ),
    "Leerplichtwet 1969 art. 21a(1); Awb 10:3 (mandate)": (
        "Leerplichtwet 1969 art. 21a lid 1; Awb art. 10:3 (mandaat)"
    ),
    "Leerplichtwet 1969 art. 21a: the Minister tells the municipality of residence": (
        "Leerplichtwet 1969 art. 21a: de minister meldt aan de woongemeente"
    ),
    "Leerplichtwet 1969 art. 21a; Besluit register onderwijsdeelnemers art. 13-14": (
        "Leerplichtwet 1969 art. 21a; Besluit register onderwijsdeelnemers art. 13 en 14"
    ),
    "Leerplichtwet 1969 art. 22; Halt and MAS route (to be confirmed)": (
        "Leerplichtwet 1969 art. 22; Halt en de route van de MAS (Methodische Aanpak"
        " Schoolverzuim) (nog te bevestigen)"
    ),
    "Leerplichtwet 1969 art. 25(2); bill 36 663: published for comparison (to be confirmed)": (
        "Leerplichtwet 1969 art. 25 lid 2; wetsvoorstel 36 663: gepubliceerd ter vergelijking (nog"
        " te bevestigen)"
    ),
    "Leerplichtwet 1969 art. 25(3): the extent of absence is reported for each school (to be"
    " confirmed)": (
        "Leerplichtwet 1969 art. 25 lid 3: de omvang van het verzuim wordt per school gemeld (nog"
        " te bevestigen)"
    ),
    "Leerplichtwet 1969 art. 25(2)": ("Leerplichtwet 1969 art. 25 lid 2"),
    "Leerplichtwet 1969 art. 25(3): the head reports the extent of absence each year": (
        "Leerplichtwet 1969 art. 25 lid 3: het hoofd meldt jaarlijks de omvang van het verzuim"
    ),
    "Leerplichtwet 1969 art. 25(3): what the head reports has to be registered well (to be"
    " confirmed)": (
        "Leerplichtwet 1969 art. 25 lid 3: wat het hoofd meldt moet goed zijn geregistreerd (nog te"
        " bevestigen)"
    ),
    "Leerplichtwet 1969 art. 25(3); AVG 28 (to be confirmed)": (
        "Leerplichtwet 1969 art. 25 lid 3; AVG art. 28 (nog te bevestigen)"
    ),
    "Leerplichtwet 1969 art. 25; bill 36 663 (to be confirmed)": (
        "Leerplichtwet 1969 art. 25; wetsvoorstel 36 663 (nog te bevestigen)"
    ),
    "Leerplichtwet 1969 art. 2; Jeugdwet 7.3.8: from 12 the pupil too (to be confirmed)": (
        "Leerplichtwet 1969 art. 2; Jeugdwet art. 7.3.8: vanaf 12 jaar ook de leerling zelf"
        " (nog te bevestigen)"
    ),
    "M@ZL: the school refers worrisome sickness to the youth doctor (to be confirmed)": (
        "M@ZL: de school verwijst bij zorgwekkend ziekteverzuim naar de jeugdarts (nog te"
        " bevestigen)"
    ),
    "Processing agreement of the school board, AVG 28; delivery agreement (to be confirmed)": (
        "Verwerkersovereenkomst van het schoolbestuur, AVG art. 28; leveringsovereenkomst"
        " (nog te bevestigen)"
    ),
    "School records are kept five years after leaving (to be confirmed)": (
        "Gegevens over in- en uitschrijving en verzuim worden vijf jaar na vertrek bewaard"
        " (nog te bevestigen)"
    ),
    "Sharing agreement of the consultation form (to be confirmed)": (
        "Convenant van de overlegvorm over het delen van gegevens (nog te bevestigen)"
    ),
    "WEB 9.2.4-9.2.5; Wet van school naar duurzaam werk: to age 27 (to be confirmed)": (
        "WEB art. 9.2.4 en 9.2.5; Wet van school naar duurzaam werk: tot 27 jaar (nog te"
        " bevestigen)"
    ),
    "Wet register onderwijsdeelnemers art. 30: school year of recording and the next": (
        "Wet register onderwijsdeelnemers art. 30: het schooljaar van vastlegging en het volgende"
    ),
    "WPO 18a(13): health data for statutory tasks only (to be confirmed)": (
        "WPO art. 18a lid 13: gezondheidsgegevens alleen voor wettelijke taken (nog te bevestigen)"
    ),
    "WPO 18a(2), WVO 2020 2.47 (to be confirmed)": (
        "WPO art. 18a lid 2, WVO 2020 art. 2.47 (nog te bevestigen)"
    ),
    "WPO 18a, WVO 2020 2.47; sharing agreement (to be confirmed)": (
        "WPO art. 18a, WVO 2020 art. 2.47; convenant over het delen van gegevens (nog te"
        " bevestigen)"
    ),
    "WPO 8, WVO 2020 2.87: care for the pupil's progress (to be confirmed)": (
        "WPO art. 8, WVO 2020 art. 2.87: zorg voor de voortgang van de leerling (nog te bevestigen)"
    ),
}
"""The Dutch of every source in the table; what is to be confirmed says so in both languages."""
