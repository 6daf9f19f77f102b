"""What can go wrong in an act, as the person who acts may know it."""


class Problem(Exception):  # noqa: N818 - the word the API gives its users
    """An act that was refused; nothing was changed.

    Attributes:
        code: stable, for programs.
        message: what is wrong and what to do, for people.
        path: the input field it concerns, outermost first.
    """

    code = "PROBLEM"

    def __init__(self, message: str, *, path: tuple[str, ...] = ()) -> None:
        """Say what is wrong; never with anything that the actor may not see."""
        super().__init__(message)
        self.message = message
        self.path = path


class NotFound(Problem):
    """The thing does not exist, or not for this actor: the answer is the same."""

    code = "NOT_FOUND"

    def __init__(self, *path: str) -> None:
        """Point at the input that names the thing."""
        super().__init__(
            "This does not exist, or not for the role and purpose of your token. "
            "Check the id, or ask with the token of another purpose.",
            path=path,
        )


class Invalid(Problem):
    """The input breaks a rule that the message names."""

    code = "INVALID"


class Conflict(Problem):
    """The thing is in a state in which this cannot be done, or changed meanwhile."""

    code = "CONFLICT"


class BudgetSpent(Exception):  # noqa: N818 - a limit of reading, not a refusal of an act
    """An actor would see more young persons in a day, for a purpose, than the work asks for."""

    def __init__(self, most: int) -> None:
        """Keep how many the actor may see."""
        super().__init__(f"more than {most} young persons in a day")
        self.most = most
