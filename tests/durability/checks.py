"""What must hold in every database at any moment, asked past the rules: no act is half done."""

from __future__ import annotations

from tests.conftest import TestDatabase

NEVER = {
    "a delivery was accepted without its trace, or has two": """
        select count(*) from import_receipt r where r.state = 'accepted' and not r.dry_run and 1 <>
        (select count(*) from trace t where t.about = r.id and t.act like '%_imported')""",
    "a delivery has a trace and was not accepted": """
        select count(*) from trace t join import_receipt r on r.id = t.about
        where r.state <> 'accepted'""",
    "a delivery is finished without an end": """
        select count(*) from import_receipt where (state = 'waiting') <> (finished_at is null)""",
    "a pupil has no enrolment, no residence or no young person": """
        select count(*) from pupil p where not exists (select from enrolment e where
        e.pupil_id = p.id) or not exists (select from pupil_residence r where r.pupil_id = p.id)
        or not exists (select from young_person y where y.id = p.young_person_id)""",
    "a delivered week is not rolled up for a pupil with a schedule": """
        select count(*) from pupil_week w where w.replaced_at is null
        and (attended_minutes is null) = exists (select from delivered_week d
        where d.branch_id = w.branch_id and d.monday = w.monday and d.replaced_at is null)""",
    "a roll-up says another number of minutes than the absences": """
        select count(*) from pupil_week w where w.replaced_at is null
        and attended_minutes is not null and
        scheduled_minutes - attended_minutes <> coalesce((select sum(minutes) from absence a
        where a.pupil_id = w.pupil_id and a.branch_id = w.branch_id and a.replaced_at is null
        and a.day >= w.monday and a.day < w.monday + 7), 0)""",
    "a guardian has no contact, or a contact no trace": """
        select (select count(*) from guardian g where not exists
        (select from pupil_contact c where c.guardian_id = g.id)) + (select count(*)
        from (select guardian_id, count(*) from pupil_contact group by 1) c where c.count <>
        (select count(*) from trace t where t.act = 'guardian_registered'
        and t.about = c.guardian_id))""",
    "a report has not exactly one trace of being prepared": """
        select count(*) from report r where 1 <> (select count(*) from trace t
        where t.about = r.id and t.act = 'report_prepared')""",
    "a report's state and its traces disagree": """
        select count(*) from report r where (state <> 'draft')::int <> (select count(*) from trace t
        where t.about = r.id and t.act = 'report_sent') or (state not in ('draft', 'sent'))::int <>
        (select count(*) from trace t where t.about = r.id and t.act = 'report_allocated')""",
    "a report's state and its allocation disagree": """
        select count(*) from report r where (state in ('allocated', 'taken_on'))::int <>
        (select count(*) from report_allocation a
        where a.report_id = r.id and a.valid_until is null)""",
    "a note has not exactly one trace": """
        select count(*) from note n where 1 <> (select count(*) from trace t
        where t.about = n.id and t.act = 'note_added')""",
    "a key was remembered for what is not there": """
        select count(*) from idempotency i where not exists (select from trace t
        where t.about = i.object_id)""",
    "a trace and its lines in the log disagree": """
        select count(*) from trace t where (case when expanded and role not in
        ('guardian', 'parent_without_authority', 'young_person') then (select count(*)
        from young_person y where y.id = any (t.young_persons)) else 0 end) <>
        (select count(*) from access_line l where l.trace_id = t.id)""",
    "a line of the log lacks the organisation that looked": """
        select count(*) from access_line l join trace t on t.id = l.trace_id
        where (t.organisation_id is not null and l.data_class = 'log.own')::int <>
        (select count(*) from access_line_organisation o where o.line_id = l.id)""",
}
"""What is wrong, and how often it is; the answer must be 0."""


def broken(database: TestDatabase) -> list[str]:
    """Return what does not hold."""
    answers = database.run_sql("\n".join(f"{sql};" for sql in NEVER.values()))
    return [what for what, number in zip(NEVER, answers, strict=True) if number != "0"]
