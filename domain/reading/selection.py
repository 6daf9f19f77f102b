"""What was asked for, free of any query language."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Selection:
    """One asked-for field: its name, the key it is answered under, and what is asked inside.

    `arguments` maps each argument's name to the name of a statement parameter; values travel
    apart, so that equal shapes share one plan.
    """

    name: str
    key: str
    arguments: tuple[tuple[str, str], ...] = ()
    fields: tuple["Selection", ...] = ()

    def argument(self, name: str) -> str | None:
        """Return the parameter that carries an argument, or None when it was not given."""
        return dict(self.arguments).get(name)


@dataclass(frozen=True, slots=True)
class Asked:
    """A selection with the values of its parameters."""

    selection: Selection
    values: Mapping[str, Any] = field(default_factory=dict[str, Any])
