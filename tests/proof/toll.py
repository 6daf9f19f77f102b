"""How many mutants died."""

from collections import Counter
from dataclasses import dataclass, field


@dataclass
class Toll:
    """How many mutants there were and how many died, by how they were made; and who lived."""

    made: Counter[str] = field(default_factory=Counter[str])
    killed: Counter[str] = field(default_factory=Counter[str])
    equivalent: Counter[str] = field(default_factory=Counter[str])
    reasons: Counter[str] = field(default_factory=Counter[str])
    survivors: list[str] = field(default_factory=list[str])

    def count(self, how: str, name: str, *, killed: bool, excused: str | None = None) -> None:
        """Count one; a mutant that changes nothing anybody could notice is counted apart."""
        self.made[how] += 1
        if killed:
            self.killed[how] += 1
        elif excused:
            self.equivalent[how] += 1
            self.reasons[excused] += 1
        else:
            self.survivors.append(name)

    def add(self, other: "Toll") -> None:
        """Take another toll into this one."""
        self.made += other.made
        self.killed += other.killed
        self.equivalent += other.equivalent
        self.reasons += other.reasons
        self.survivors += other.survivors

    def __str__(self) -> str:
        """Return the figures in one line."""
        parts = (
            f"{how} {self.killed[how]:,} of {made - self.equivalent[how]:,}"
            for how, made in self.made.items()
        )
        alive = self.made.total() - self.equivalent.total()
        return (
            f"{self.killed.total():,} of {alive:,} killed ({', '.join(parts)}); "
            f"{self.equivalent.total():,} more change nothing, for a reason that is listed"
        )
