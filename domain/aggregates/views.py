"""What may be read of periods and releases; see `figures` and `exact` for what is in them."""

from domain.aggregates.models import BranchPeriod, Release, ReleaseUnit
from domain.organisations.views import table
from domain.reach import Kind
from domain.reading.view import Field, View
from permissions.vocabulary import DataClass

C = DataClass

releases = View(
    "release",
    table(Release),
    public=True,
    order=("first_day", "kind", "vintage", "id"),
    descending=True,
    fields={
        "periodKind": Field("kind"),
        "firstDay": Field("first_day"),
        "lastDay": Field("last_day"),
        "schoolYear": Field("school_year"),
        "vintage": Field("vintage"),
        "method": Field("method"),
        "ruleSet": Field("rule_set"),
        "boundaries": Field("boundaries"),
        "branches": Field("branches"),
        "branchesMissing": Field("branches_missing"),
        "releasedAt": Field("released_at"),
        "digest": Field("digest"),
    },
)

release_units = View(
    "releaseUnit",
    table(ReleaseUnit),
    keys={Kind.UNIT: "unit"},
    row_class=C.AGGREGATE_BRANCH,
    order=("release_id", "branch_code", "id"),
    fields={
        "sector": Field("sector"),
        "board": Field("board"),
        "municipality": Field("municipality"),
        "region": Field("region"),
        "alliance": Field("alliance"),
        "publishedAs": Field("published_as"),
        "area": Field("area"),
        "weeks": Field("weeks"),
        "missingWeeks": Field("missing_weeks"),
        "closed": Field("closed"),
    },
)

_PERIOD = {
    "branchCode": Field("branch_code"),
    "periodKind": Field("kind"),
    "firstDay": Field("first_day"),
    "lastDay": Field("last_day"),
    "score": Field("score"),
    "weeks": Field("weeks"),
    "missingWeeks": Field("missing_weeks"),
    "closedAt": Field("closed_at"),
    "lockedAt": Field("locked_at"),
    "lockedByBoard": Field(lambda row: row.c.locked_by.is_not(None)),
    "takenAt": Field("taken_at"),
    "lateWeeks": Field("late_weeks"),
}

periods = View(
    "branchPeriod",
    table(BranchPeriod),
    keys={Kind.UNIT: "unit"},
    row_class=C.AGGREGATE_BRANCH,
    order=("first_day", "kind", "branch_code", "id"),
    descending=True,
    fields=dict(_PERIOD),
)

own_periods = View(
    "ownPeriod",
    table(BranchPeriod),
    keys={Kind.BRANCH: "branch_id"},
    row_class=C.AGGREGATE_BRANCH_EXACT,
    traced=True,
    order=("first_day", "kind", "branch_code", "id"),
    descending=True,
    fields=dict(_PERIOD),
)
