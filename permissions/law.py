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
    Basis.DATA_SUBJECT_RIGHT: Words(
        "AVG art. 15 (recht van de betrokkene)", "AVG 15 (right of the data subject)"
    ),
    Basis.PROCESSOR: Words(
        "AVG art. 28 (als verwerker, in opdracht van de verantwoordelijke)",
        "AVG 28 (as processor, on the controller's instruction)",
    ),
}
"""The ground in law."""

EXCEPTIONS: Final[Mapping[Exception_, Words]] = {
    Exception_.UAVG_30_SCHOOL: Words("UAVG art. 30 lid 2 onder a", "UAVG 30(2)(a)"),
    Exception_.DATA_SUBJECT: Words("AVG art. 15", "AVG 15"),
    Exception_.PROCESSOR: Words(
        "AVG art. 9 lid 2 onder g, als verwerker voor de school (AVG art. 28)",
        "AVG 9(2)(g), as processor for the school (AVG 28)",
    ),
}
"""What lifts the prohibition of AVG art. 9."""

SOURCES: Final[Mapping[str, str]] = {
    "AVG 24 and 32: the controller decides who works with its data (to be confirmed)": (
        "AVG art. 24 en 32: de verantwoordelijke bepaalt wie met haar gegevens werkt"
        " (nog te bevestigen)"
    ),
    "AVG 28: an organisation's first administrator, on the controller's instruction": (
        "AVG art. 28: de eerste beheerder van een organisatie, in opdracht van de verantwoordelijke"
    ),
    "AVG 28: on the controller's instruction": (
        "AVG art. 28: in opdracht van de verantwoordelijke"
    ),
    "AVG 5(2) and 28(3)(e)": "AVG art. 5 lid 2 en art. 28 lid 3 onder e",
    "AVG art. 15; BW 1:245 and 1:377b": "AVG art. 15; BW art. 1:245 en 1:377b",
    "Leerplichtwet 1969 art. 16 and 25; bill 36 663 (to be confirmed)": (
        "Leerplichtwet 1969 art. 16 en 25; wetsvoorstel 36 663 (nog te bevestigen)"
    ),
    "Leerplichtwet 1969 art. 16, 21a and 22": "Leerplichtwet 1969 art. 16, 21a en 22",
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
    "Leerplichtwet 1969 art. 25(3); AVG 28 (to be confirmed)": (
        "Leerplichtwet 1969 art. 25 lid 3; AVG art. 28 (nog te bevestigen)"
    ),
    "Processing agreement of the school board, AVG 28; delivery agreement (to be confirmed)": (
        "Verwerkersovereenkomst van het schoolbestuur, AVG art. 28; leveringsovereenkomst"
        " (nog te bevestigen)"
    ),
    "Sharing agreement of the consultation form (to be confirmed)": (
        "Convenant van de overlegvorm over het delen van gegevens (nog te bevestigen)"
    ),
    "WPO 18a(2), WVO 2020 2.47 (to be confirmed)": (
        "WPO art. 18a lid 2, WVO 2020 art. 2.47 (nog te bevestigen)"
    ),
    "WPO 18a, WVO 2020 2.47; sharing agreement (to be confirmed)": (
        "WPO art. 18a, WVO 2020 art. 2.47; convenant over het delen van gegevens"
        " (nog te bevestigen)"
    ),
    "WPO 8, WVO 2020 2.87: care for the pupil's progress (to be confirmed)": (
        "WPO art. 8, WVO 2020 art. 2.87: zorg voor de voortgang van de leerling (nog te bevestigen)"
    ),
    "Wet register onderwijsdeelnemers art. 30: school year of recording and the next": (
        "Wet register onderwijsdeelnemers art. 30: het schooljaar van vastlegging en het volgende"
    ),
}
"""The Dutch of every source in the table; what is to be confirmed says so in both languages."""
