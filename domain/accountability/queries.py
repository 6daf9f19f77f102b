"""What the job of the access log asks of the database."""

from typing import Final

from sqlalchemy import text

# Whoever inserts a trace holds this lock on the table from before the row gets its time until the
# row can be seen or never will be. So once everyone who held it at an instant is gone, every trace
# with an earlier time is visible. The ids of virtual transactions are not used twice.
WRITERS: Final = text(
    """
    select clock_timestamp() as instant,
           array(
               select l.virtualtransaction from pg_catalog.pg_locks l
               where l.locktype = 'relation' and l.relation = 'public.trace'::regclass
                 and l.database = (select oid from pg_catalog.pg_database
                                   where datname = current_database())
                 and l.mode = 'RowExclusiveLock' and l.granted and l.pid <> pg_backend_pid()
           ) as writers
    """
)
"""An instant, and who may have written a trace before it that cannot be seen yet."""

EXPAND: Final = text(
    """
    with batch as (
        select * from trace where not expanded order by recorded_at limit :limit
        for update skip locked
    ), lines as (
        insert into access_line (id, trace_id, young_person_id, role, purpose, activity, act,
            rules, data_classes, at)
        select gen_random_uuid(), b.id, p.id, b.role, b.purpose, b.activity, b.act, b.rules,
               b.data_classes, b.at
        from batch b
        cross join lateral (select distinct unnest(b.young_persons) as id) p
        join young_person y on y.id = p.id
        where b.role not in ('guardian', 'parent_without_authority', 'young_person')
        returning id, trace_id, young_person_id, data_class
    ), looked as (
        insert into access_line_organisation (line_id, young_person_id, organisation_id)
        select l.id, l.young_person_id, b.organisation_id
        from lines l join batch b on b.id = l.trace_id
        where b.organisation_id is not null and l.data_class = 'log.own'
    )
    update trace set expanded = true where id in (select id from batch)
    """
)
"""One line per young person of at most `limit` traces, oldest first; others' batches are left.

A family's own reading makes no line: one parent does not see when the other looked. An id that is
no young person's makes none either, and stops nobody's log. What a line's own class is the database
derives; of a shielded one the organisation is in the trace alone.
"""

PROGRESS: Final = text(
    """
    update trace_progress set complete_until = greatest(
        complete_until,
        least(:horizon, (select min(recorded_at) from trace where not expanded)))
    """
)
"""Bound: `horizon`, before which no trace can still appear."""
