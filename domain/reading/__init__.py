"""The read compiler: a view, a selection and the actor's rules become one statement of JSON."""

from domain.reading.run import Page, Reader
from domain.reading.selection import Asked, Selection
from domain.reading.statement import Root
from domain.reading.view import Derived, Feed, Field, Many, One, View

__all__ = [
    "Asked", "Derived", "Feed", "Field", "Many", "One", "Page", "Reader", "Root", "Selection",
    "View",
]  # fmt: skip
