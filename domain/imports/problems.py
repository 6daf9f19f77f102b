"""What is wrong with a delivered file, said so that the sender can mend it.

A problem says where (line and field), which rule is broken and what to do. It never repeats a
delivered value: names, numbers and birth dates stay in the file.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal, NoReturn

MOST_PROBLEMS = 1_000
"""No answer lists more problems than this; the last one then says how many there are besides."""

ENOUGH_PROBLEMS = 10_000
"""A reader stops reading at this many errors: a hostile file costs no more than an honest one."""

Severity = Literal["error", "warning"]


@dataclass(frozen=True, slots=True)
class Problem:
    """One broken rule in a delivered file.

    `line` counts from 1 and is None when the problem concerns the file as a whole; `field` is the
    format's own name of the element, attribute or field.
    """

    line: int | None
    field: str
    rule: str
    advice: str
    severity: Severity = "error"

    def __str__(self) -> str:
        where = "whole file" if self.line is None else f"line {self.line}"
        return f"{where}, {self.field}: {self.rule} {self.advice}"


class Problems:
    """Collects problems and keeps at most `MOST_PROBLEMS` of them, in the order they were found."""

    def __init__(self) -> None:
        self._kept: list[Problem] = []
        self._found: dict[Severity, int] = {"error": 0, "warning": 0}

    def __len__(self) -> int:
        return sum(self._found.values())

    @property
    def enough(self) -> bool:
        """Whether there are so many errors that reading on is of no use."""
        return self._found["error"] >= ENOUGH_PROBLEMS

    def add(self, problem: Problem) -> None:
        """Add one problem; beyond the limit it is only counted."""
        self._found[problem.severity] += 1
        if len(self._kept) < MOST_PROBLEMS:
            self._kept.append(problem)

    def extend(self, problems: Iterable[Problem]) -> None:
        """Add several problems."""
        for problem in problems:
            self.add(problem)

    def refuse(self) -> NoReturn:
        """Refuse the file because of these problems.

        Raises:
            Refused: always.
        """
        raise Refused(self.listed())

    def listed(self) -> tuple[Problem, ...]:
        """The problems, at most `MOST_PROBLEMS`; the last one counts what was left off."""
        if len(self) <= MOST_PROBLEMS:
            return tuple(self._kept)
        shown = self._kept[: MOST_PROBLEMS - 1]
        severity: Severity = "error" if self._found["error"] else "warning"
        rest = Problem(
            None,
            "file",
            f"At least {len(self) - len(shown)} more problems are not listed.",
            "Mend the listed ones first and deliver the file again.",
            severity,
        )
        return (*shown, rest)


class Refused(Exception):  # noqa: N818 - the word the receipt uses; a refusal is an answer
    """A delivered file is refused as a whole; nothing of it may be stored.

    `problems` holds at least one and at most `MOST_PROBLEMS` problems.
    """

    def __init__(self, problems: Iterable[Problem]) -> None:
        collected = Problems()
        collected.extend(problems)
        self.problems = collected.listed()
        super().__init__(f"the file is refused: {len(self.problems)} problem(s)")

    def __str__(self) -> str:
        return "\n".join(str(problem) for problem in self.problems)
