"""What changes for whom between two versions of the table.

A permission is role, purpose, tie, activity and data class together: the name of its rule. What has
another name is another permission, given or taken; what keeps its name and rests on something else
has changed. Wording alone changes nothing, and is counted.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

from permissions.render import heading
from permissions.telling import GROUNDS
from permissions.vocabulary import Role
from permissions.words import Words

_NOTHING = Words("Geen verschil: {rules} regels.", "No difference: {rules} rules.")
_COUNTED = Words(
    "Gegeven: {given}. Ontnomen: {taken}. Gewijzigd: {changed}.",
    "Given: {given}. Taken: {taken}. Changed: {changed}.",
)
_REWORDED = Words("Anders verwoord, zelfde regel: {count}.", "Reworded, the same rule: {count}.")
_GIVEN = Words("gegeven", "given")
_TAKEN = Words("ontnomen", "taken")
_CHANGED = Words("gewijzigd", "changed")
_WAS = Words("was", "was")
_BECOMES = Words("wordt", "becomes")
_ROLES: Final = {str(role): role for role in Role}
_PARTS: Final = {
    "basis": Words("grondslag", "basis"),
    "exception": Words("uitzondering", "exception"),
    "end": Words("einde", "end"),
    "source": Words("bron", "source"),
}


@dataclass(frozen=True, slots=True)
class Told:
    """A rule of some version, as that version tells it."""

    id: str
    role: str
    grounds: tuple[str, ...]
    """What it rests on and ends by, in the order of `GROUNDS`."""
    sentence: Words

    @classmethod
    def of(cls, value: dict[str, Any]) -> "Told":
        """Return a rule from what `permissions.telling` printed of it."""
        grounds = tuple(str(value["grounds"][name]) for name in GROUNDS)
        bare = f"{value['id']} ({'; '.join(filter(None, grounds))})"
        return cls(
            id=value["id"],
            role=value["role"],
            grounds=grounds,
            sentence=Words(value["nl"] or bare, value["en"] or bare),
        )


@dataclass(frozen=True, slots=True)
class Difference:
    """What one version permits and the other does not, and what rests on something else."""

    given: tuple[Told, ...]
    taken: tuple[Told, ...]
    changed: tuple[tuple[Told, Told], ...]
    reworded: int
    """How many rules are the same and said otherwise."""
    rules: int
    """How many rules there are after."""

    def __bool__(self) -> bool:
        """Return whether anything differs for anybody."""
        return bool(self.given or self.taken or self.changed)


def difference(before: Iterable[Told], after: Iterable[Told]) -> Difference:
    """Return what changes from one version to another, whatever the order of their rules."""
    old = {rule.id: rule for rule in before}
    new = {rule.id: rule for rule in after}
    both = [(old[name], rule) for name, rule in new.items() if name in old]
    same = [(was, now) for was, now in both if was.grounds == now.grounds]
    return Difference(
        given=tuple(rule for name, rule in new.items() if name not in old),
        taken=tuple(rule for name, rule in old.items() if name not in new),
        changed=tuple((was, now) for was, now in both if was.grounds != now.grounds),
        reworded=sum(was.sentence != now.sentence for was, now in same),
        rules=len(new),
    )


def report(found: Difference, language: str = "nl") -> str:
    """Return a difference as sentences, role by role, under how much there is of each kind."""
    lines = [*_counted(found, language)]
    for role in dict.fromkeys(rule.role for rule in _concerned(found)):
        lines += ["", _title(role, language), *_of_role(found, role, language)]
    return "\n".join(lines)


def _counted(found: Difference, language: str) -> Iterator[str]:
    """Give how much differs."""
    if found:
        yield _COUNTED.said(language).format(
            given=len(found.given), taken=len(found.taken), changed=len(found.changed)
        )
    else:
        yield _NOTHING.said(language).format(rules=found.rules)
    if found.reworded:
        yield _REWORDED.said(language).format(count=found.reworded)


def _concerned(found: Difference) -> Sequence[Told]:
    """Return a rule of everybody for whom something differs, by the roles as the table has them."""
    rules = [*found.given, *found.taken, *(now for _, now in found.changed)]
    order = list(_ROLES)
    return sorted(
        rules, key=lambda rule: order.index(rule.role) if rule.role in order else len(order)
    )


def _title(role: str, language: str) -> str:
    """Return the name of a role, or the bare word where this version does not know it."""
    return heading(_ROLES[role], language) if role in _ROLES else role


def _of_role(found: Difference, role: str, language: str) -> Iterator[str]:
    """Give what differs for one role: given, taken, changed."""
    for mark, word, rules in (("+", _GIVEN, found.given), ("-", _TAKEN, found.taken)):
        for rule in rules:
            if rule.role == role:
                yield f"  {mark} {word.said(language)}: {rule.sentence.said(language)}"
    for was, now in found.changed:
        if now.role == role:
            pairs = zip(GROUNDS, was.grounds, now.grounds, strict=True)
            parts = [_PARTS[name].said(language) for name, old, new in pairs if old != new]
            yield f"  ~ {_CHANGED.said(language)} ({', '.join(parts)}): {now.id}"
            yield f"      {_WAS.said(language)}: {was.sentence.said(language)}"
            yield f"      {_BECOMES.said(language)}: {now.sentence.said(language)}"
