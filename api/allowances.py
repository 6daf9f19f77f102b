"""What one request may ask for at most, and how it is told when it asks for more."""

from collections.abc import Mapping
from typing import Final

MAXIMUM: Final[Mapping[str, int]] = {
    "depth": 12,
    "aliases": 30,
    "rootFields": 10,
    "fields": 2_000,
    "directives": 20,
    "tokens": 2_000,
    "comments": 200,
    "page": 100,
    "cost": 10_000,
}
"""The limits of one request, as the contract publishes them."""

DEFAULT_PAGE: Final = 50
UNPAGED_LIST: Final = 10
WEIGHTS: Final[Mapping[tuple[str, str], int]] = {
    ("PublishedFigures", "children"): 1_000,
    ("Query", "export"): 4_000,
}
"""What a field costs besides its selection, by type and field, where that does not tell the work.

Children may be as many as their limit; a file has up to 20,000 lines, and two fit into a request.
"""
MOST_REPORTED_ERRORS: Final = 8
CACHED_DOCUMENTS = 512
LONGEST_CACHED_DOCUMENT = 8_192  # characters; longer ones hold literals and do not come back
LARGEST_REPORTED_COST = 1_000_000_000  # a doubling document reaches numbers that JSON cannot hold
MOST_LEVELS = 100  # fields, inline fragments and spreads below each other

EXPLANATION: Final[Mapping[str, str]] = {
    "depth": "The document is nested deeper than {} fields. Split it into several queries.",
    "aliases": "The document has more than {} aliases. Split it into several queries.",
    "rootFields": "The operation has more than {} root fields. Split it into several queries.",
    "fields": "The document selects more than {} fields. Split it into several queries.",
    "directives": "The document has more than {} directives. Leave some out.",
    "tokens": "The document has more than {} words and signs. Split it, or use variables.",
    "comments": "The document has more than {} comments. Leave some out.",
    "page": "A page holds 0 to {} objects. Ask for fewer with 'first' and follow the cursor.",
    "cost": "The operation asks for more than {} objects. Ask for smaller pages.",
}
