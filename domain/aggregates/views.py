"""What may be read of figures."""

from sqlalchemy import literal_column

from domain.aggregates.models import Figure
from domain.organisations.views import table
from domain.reach import Kind
from domain.reading.view import Field, View
from permissions.vocabulary import DataClass

figures = View(
    "figure",
    table(Figure),
    keys={Kind.UNIT: "unit"},
    guarded_by=(
        "data_class",
        (
            DataClass.AGGREGATE_BRANCH,
            DataClass.AGGREGATE_BOARD,
            DataClass.AGGREGATE_MUNICIPALITY,
            DataClass.AGGREGATE_ALLIANCE,
            DataClass.AGGREGATE_REGION,
            DataClass.AGGREGATE_NATIONAL,
        ),
    ),
    order=("month", "unit", "measure", "id"),
    fields={
        "level": Field("level"),
        "unitCode": Field("unit_code"),
        "unitName": Field("unit_name"),
        "month": Field("month"),
        "measure": Field("measure"),
        "value": Field("value"),
        "pupils": Field("pupils"),
        "withheld": Field("withheld"),
        "provisional": Field(lambda _: literal_column("true")),
    },
)
