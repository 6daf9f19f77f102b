"""What categories, groups and forms are called, in Dutch and English."""

from collections.abc import Mapping
from typing import Final

from permissions.words import Words

PARTS: Final[Mapping[str, Words]] = {
    "total": Words("alle leerlingen", "all pupils"),
    "known": Words("leerlingen over wie iets bekend is", "pupils of whom something is known"),
    "delivered": Words(
        "leerlingen over wie iets is aangeleverd", "pupils with something delivered"
    ),
    "few_weeks": Words("te weinig weken aangeleverd", "too few weeks delivered"),
    "unknown": Words("niets aangeleverd", "nothing delivered"),
    "below_10": Words("minder dan 10 % gemist", "under 10 % missed"),
    "above_10": Words("10 % of meer gemist", "10 % or more missed"),
    "0_5": Words("0 tot 5 % gemist", "0 to 5 % missed"),
    "5_10": Words("5 tot 10 % gemist", "5 to 10 % missed"),
    "10_20": Words("10 tot 20 % gemist", "10 to 20 % missed"),
    "20_50": Words("20 tot 50 % gemist", "20 to 50 % missed"),
    "50_plus": Words("50 % of meer gemist", "50 % or more missed"),
    "mostly_ill": Words("vooral door ziekte", "mostly through illness"),
    "mostly_unauthorised": Words("vooral ongeoorloofd", "mostly unauthorised"),
    "mostly_other": Words(
        "vooral anders: verlof, langdurige ziekte, te laat of uit de les gestuurd",
        "mostly otherwise: leave, long illness, late or sent out",
    ),
    "none": Words("geen", "none"),
    "enough_weeks": Words("genoeg weken aangeleverd", "enough weeks delivered"),
    "raised": Words("niveau 2 of 3", "tier 2 or 3"),
    "tier_1": Words("niveau 1: geen bijzonderheden", "tier 1: nothing particular"),
    "tier_2": Words("niveau 2: aandacht gevraagd", "tier 2: asks attention"),
    "tier_3": Words("niveau 3: veel aandacht gevraagd", "tier 3: asks much attention"),
    "reported": Words("gemeld", "reported"),
    "sixteen_hours_in_four_weeks": Words(
        "zestien uur in vier weken", "sixteen hours in four weeks"
    ),
    "long_term_absence": Words("langdurig verzuim", "long-term absence"),
    "unauthorised_holiday": Words("vakantie zonder verlof", "holiday without leave"),
    "transition": Words("18 jaar en ouder, zonder startkwalificatie", "18 and older, no diploma"),
    "other": Words("anders", "other"),
    "open": Words("nog niet afgerond", "not closed yet"),
    "back_to_school": Words("weer naar school", "back to school"),
    "help_started": Words("hulp begonnen", "help started"),
    "enrolment_ended": Words("uitgeschreven", "enrolment ended"),
    "no_absence": Words("geen verzuim", "no absence"),
    "days_0_5": Words("binnen 5 dagen", "within 5 days"),
    "days_6_10": Words("6 tot 10 dagen", "6 to 10 days"),
    "days_11_20": Words("11 tot 20 dagen", "11 to 20 days"),
    "days_21_plus": Words("21 dagen of meer", "21 days or more"),
    "not_often": Words("niet vaak of lang ziek gemeld", "not reported ill often or for long"),
    "often_ill": Words("vaak of lang ziek gemeld", "reported ill often or for long"),
    "started": Words("plan begonnen", "plan started"),
    "due": Words("evaluatie afgesproken", "review agreed"),
    "kept": Words("geëvalueerd", "reviewed"),
    "missed": Words("niet geëvalueerd", "not reviewed"),
    "scheduled": Words("geroosterde tijd", "scheduled time"),
    "present": Words("aanwezig", "present"),
    "unauthorised": Words("ongeoorloofd afwezig", "unauthorised absence"),
    "late": Words("te laat", "late"),
}
"""The parts of every scale; one that is not here is called by its own name."""

LABELS: Final[Mapping[str, Words]] = {
    "all": Words("iedereen", "everybody"),
    "f": Words("meisjes", "girls"),
    "m": Words("jongens", "boys"),
    "together": Words("niet apart geteld", "not counted apart"),
    "1_2": Words("groep 1 en 2", "years 1 and 2"),
    "3_4": Words("groep 3 en 4", "years 3 and 4"),
    "5_6": Words("groep 5 en 6", "years 5 and 6"),
    "7_8": Words("groep 7 en 8", "years 7 and 8"),
    "unknown": Words("leerjaar niet bekend", "year group not known"),
    "year_1": Words("leerjaar 1", "year 1"),
    "year_2": Words("leerjaar 2", "year 2"),
    "year_3": Words("leerjaar 3", "year 3"),
    "year_4_6": Words("leerjaar 4 en hoger", "year 4 and up"),
}
"""Sexes and year groups; a sector is called by its own name."""

FORMS: Final[Mapping[str, Words]] = {
    "under_five": Words("0\u20134", "0\u20134"),
    "about_none": Words("ongeveer 0", "about 0"),
    "about_five": Words("ongeveer 5", "about 5"),
    "under_5_percent": Words("minder dan 5 %", "under 5 %"),
    "over_95_percent": Words("meer dan 95 %", "over 95 %"),
    "not_apart": Words("niet apart getoond", "not shown apart"),
}
"""What is read in the place of a number."""

TOO_FEW: Final = Words(
    "Geen aandeel: het gaat om minder dan 50 leerlingen.",
    "No share: it is about fewer than 50 pupils.",
)
CODED: Final = Words(
    "Geen aandeel en geen aantal: bijna niemand of bijna iedereen valt hieronder.",
    "No share and no count: hardly anybody, or nearly everybody, belongs to it.",
)
NOT_APART: Final = Words(
    "Geen aandeel en geen aantal: daaruit zou een ander getal te berekenen zijn dat niet getoond "
    "wordt.",
    "No share and no count: another count that is not shown could be computed from it.",
)
NO_MEASURE: Final = Words(
    "Geen aandeel: dit zegt over hoeveel leerlingen het gaat.",
    "No share: this says how many pupils it is about.",
)

OF_TIME: Final = {
    "other": Words("geoorloofd afwezig of uit de les gestuurd", "authorised, or sent out"),
}
"""Parts that are called otherwise where time is told."""


def named(names: Mapping[str, Words], name: str) -> Words:
    """Return what something is called; its own name where there are no words for it."""
    return names.get(name) or Words(name, name)
