"""Publications as files: the same bytes for the same release, units and form, always."""

from domain.aggregates.export.csvw import METADATA_TYPE, csv_text, metadata_text
from domain.aggregates.export.jsonstat import jsonstat_text
from domain.aggregates.export.tables import MOST_LINES, Line, Released, Table, lines_of, tables_of

__all__ = [
    "METADATA_TYPE",
    "MOST_LINES",
    "Line",
    "Released",
    "Table",
    "csv_text",
    "jsonstat_text",
    "lines_of",
    "metadata_text",
    "tables_of",
]
