"""A published row as people read it: words, shares that are coded, and what to make of them."""

from domain.aggregates.shown import names
from domain.aggregates.shown.cells import Cells, lines_of, rows_of, scale_named
from domain.aggregates.shown.guidance import explained, guidance_of

__all__ = ["Cells", "explained", "guidance_of", "lines_of", "names", "rows_of", "scale_named"]
