"""The words in which a rule is read aloud, Dutch and English, side by side.

Every member of every vocabulary has both; one without words fails, for a rule that cannot be
said cannot be judged. The Dutch is what a lawyer approves, and uses the terms of the law.
"""

from permissions.words.acts import ACTIVITIES, ACTS, act_of
from permissions.words.data import DATA_CLASSES
from permissions.words.people import PURPOSES, ROLES
from permissions.words.said import Words
from permissions.words.ties import ENDS, TIES, TIES_THERE, tie_of

__all__ = [
    "ACTIVITIES",
    "ACTS",
    "DATA_CLASSES",
    "ENDS",
    "PURPOSES",
    "ROLES",
    "TIES",
    "TIES_THERE",
    "Words",
    "act_of",
    "tie_of",
]
