"""The proof's own register of ties: what each reaches, and the one end that a rule on it names."""

from collections.abc import Callable

from domain.reach import Kind
from permissions.vocabulary import End, Tie
from tests.proof.standing import Reached, Standing

Meaning = Callable[[Standing], Reached]
MEANINGS: dict[tuple[Tie, Kind], Meaning] = {}
ENDS: dict[Tie, End] = {}


def means(tie: Tie, kind: Kind, end: End) -> Callable[[Meaning], Meaning]:
    """Register what a tie reaches of a kind of object, and which end it has."""

    def keep(meaning: Meaning) -> Meaning:
        assert (tie, kind) not in MEANINGS, f"{tie} to {kind} is said twice"
        assert ENDS.setdefault(tie, end) is end, f"{tie} has two ends"
        MEANINGS[tie, kind] = meaning
        return meaning

    return keep
