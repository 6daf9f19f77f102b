"""What a crawl came to: what was walked, what came back, what should not have and what did not."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from api.app import PLATFORM_ROLES
from permissions.decide import purposes_of
from permissions.vocabulary import Purpose, Role
from tests.proof.crawl_compare import LEAK, Found
from tests.proof.crawl_documents import Path

KEPT = 20
TOKENS = frozenset(
    (role, purpose) for role in Role if role not in PLATFORM_ROLES for purpose in purposes_of(role)
)
"""Every role and purpose that a token can have."""


@dataclass
class Crawled:
    """The count, and some examples of what differed."""

    canaries: int = 0
    paths: set[Path] = field(default_factory=set[Path])
    filled: set[Path] = field(default_factory=set[Path])
    """Paths along which something came back to somebody."""
    queries: int = 0
    personas: int = 0
    kinds: set[tuple[Role, Purpose]] = field(default_factory=set[tuple[Role, Purpose]])
    cells: int = 0
    seen: int = 0
    allowed: int = 0
    leaks: Counter[str] = field(default_factory=Counter[str])
    misses: Counter[str] = field(default_factory=Counter[str])
    examples: list[str] = field(default_factory=list[str])
    seconds: float = 0

    @property
    def holds(self) -> bool:
        """Return whether exactly what is allowed came back, to every kind of persona."""
        return not self.leaks and not self.misses and self.kinds >= TOKENS and self.seen > 0

    def note(self, found: Found) -> None:
        """Keep something that differs."""
        (self.leaks if found.kind == LEAK else self.misses)[found.path] += 1
        if len(self.examples) < KEPT:
            self.examples.append(str(found))

    def add(self, other: Crawled) -> None:
        """Take the crawl of other personas over the same worlds into this one."""
        self.canaries = max(self.canaries, other.canaries)
        self.paths |= other.paths
        self.filled |= other.filled
        self.queries += other.queries
        self.personas += other.personas
        self.kinds |= other.kinds
        self.cells += other.cells
        self.seen += other.seen
        self.allowed += other.allowed
        self.leaks += other.leaks
        self.misses += other.misses
        self.examples = (self.examples + other.examples)[:KEPT]
        self.seconds = max(self.seconds, other.seconds)

    def __str__(self) -> str:
        """Return the figures in one line."""
        return (
            f"{len(self.paths):,} paths ({len(self.filled):,} gave something), "
            f"{self.personas:,} personas of {len(self.kinds)} kinds, {self.queries:,} queries, "
            f"{self.cells:,} values compared, {self.canaries:,} canaries; "
            f"canaries seen {self.seen:,} of {self.allowed:,} allowed, "
            f"{self.leaks.total():,} leaked, {self.misses.total():,} missing"
        )
