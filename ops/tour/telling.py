"""How the tour tells itself: who asked what, on which tie, and what came back."""

import json
from typing import Any

from rich.console import Console
from rich.markup import escape

LONGEST_ANSWER = 900


class NotSoError(AssertionError):
    """Something was seen that should not have been, or the other way round."""


class Teller:
    """Prints the story and stops it at the first thing that is not so."""

    def __init__(self, console: Console) -> None:
        """Take where to print."""
        self._console = console
        self.claims = 0

    def scene(self, title: str) -> None:
        """Begin a scene."""
        self._console.print()
        self._console.rule(f"[bold]{escape(title)}", align="left")

    def asked(self, who: str, purpose: str, operation: str, answer: object) -> None:
        """Tell one question and its answer."""
        self._console.print(
            f"[bold cyan]{escape(who)}[/] [dim]for[/] [cyan]{escape(purpose)}[/] "
            f"[dim]asks[/] [green]{escape(operation)}[/]"
        )
        text = json.dumps(answer, ensure_ascii=False)
        if len(text) > LONGEST_ANSWER:
            text = text[:LONGEST_ANSWER] + " …"
        self._console.print(f"  [dim]{escape(text)}[/]", highlight=False)

    def claim(self, so: object, claim: str) -> None:
        """State what must be so.

        Raises:
            NotSoError: it is not.
        """
        if not so:
            raise NotSoError(claim)
        self.claims += 1
        self._console.print(f"  [green]✓[/] {escape(claim)}", highlight=False)

    def say(self, text: str) -> None:
        """Say something beside the questions."""
        self._console.print(f"  {escape(text)}", highlight=False)


def one(found: list[Any], what: str) -> Any:  # noqa: ANN401 - JSON
    """Return the only element.

    Raises:
        NotSoError: there is none, or more than one.
    """
    if len(found) != 1:
        message = f"expected one {what}, found {len(found)}"
        raise NotSoError(message)
    return found[0]
