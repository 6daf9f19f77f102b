"""Rounds the table of one branch from the top down, so that it may be published.

The exact total is divided over the parts of the scale, each part over its own, and each category
over the groups. At every level a count is 0 or at least five and adds up to the one above; the
pupils of each group stay as many as there are. Nothing of another branch is read.
"""

from domain.aggregates.rounding.shape import Table


def round_table(table: Table, *, secret: bytes, school_year: int, unit: str) -> Table:
    """Return a table that may be published in place of the exact one.

    Args:
        table: exact counts of one unit (a branch, or branches that are published as one).
        secret: the key of the school year, at least 32 bytes. It is the same for every period of
            the year, so that an unchanged small count keeps its answer.
        school_year: the year in which the school year begins, such as 2025.
        unit: the code of the unit; stable over the year.

    Returns:
        A table of the same scale and total. Its groups are those given, or coarser ones where no
        draw kept the groups' pupils: sexes together, then everybody together.

    Raises:
        ValueError: the secret is too short, or a count is negative.
    """
    raise NotImplementedError
