-- The outbox: that something changed, written in the transaction that changed it. It holds kinds
-- and ids and no content; who may read a row is who may read the object it is about.

-- `position` is where a row stands in the feed. Two things are asked of it, and the transaction's
-- own number alone gives only the first:
--   * nothing that commits later comes before the horizon (the oldest transaction under way), so
--     the position is at least the own number;
--   * of one object, what came later stands later: whoever waited for another transaction's lock
--     sees it completed in the snapshot of this statement, so the position is at least the newest
--     completed number. Where positions are equal, `number` decides: it is drawn under that lock.
-- It never lies in the future, so that on a platform at rest everything lies before the horizon.
create table outbox (
    position bigint not null default greatest(pg_current_xact_id()::text::bigint,
        pg_snapshot_xmax(pg_current_snapshot())::text::bigint - 1),
    number bigint generated always as identity,
    controller_id uuid not null,
    branch_id uuid,
    kind text not null check (kind in ('pupil', 'enrolment', 'classplace', 'absence', 'attendance', 'signal',
        'report', 'case', 'participant', 'summary', 'plan', 'action', 'note', 'receipt')),
    object_id uuid not null,
    former_id uuid,
    change text not null check (change in ('created', 'changed', 'deleted', 'key_changed')),
    data_class text not null,
    young_person_id uuid,
    pupil_id uuid,
    report_id uuid,
    case_id uuid,
    note_id uuid,
    receipt_id uuid,
    at timestamptz not null,
    primary key (position, number),
    check (change <> 'key_changed' or former_id is not null),
    check (young_person_id is not null or data_class = 'import.receipt'),
    -- A row is about what its class is about, and about nothing beside it.
    check (case
        when data_class in ('pupil.identity', 'pupil.enrolment', 'attendance.rate',
                'attendance.unauthorised', 'attendance.authorised', 'signal', 'attendance.reason',
                'attendance.reason.health.fact')
            then pupil_id is not null and num_nonnulls(report_id, case_id, note_id) = 0
        when data_class = 'report.head'
            then report_id is not null and num_nonnulls(pupil_id, case_id, note_id, receipt_id) = 0
        when data_class in ('case.core', 'case.participants', 'attendance.summary', 'plan', 'action')
            then case_id is not null and num_nonnulls(pupil_id, report_id, note_id, receipt_id) = 0
        when data_class in ('note.general', 'note.support', 'note.youth_care')
            then num_nonnulls(case_id, note_id) = 2
                and num_nonnulls(pupil_id, report_id, receipt_id) = 0
        when data_class = 'import.receipt'
            then receipt_id is not null and num_nonnulls(pupil_id, report_id, case_id, note_id) = 0
        else false end)
);
create index on outbox (pupil_id) where pupil_id is not null;
create index on outbox (report_id) where report_id is not null;
create index on outbox (case_id) where case_id is not null;
create index on outbox (receipt_id, position, number) where receipt_id is not null;
create index on outbox using brin (at);

alter table outbox enable row level security;
alter table outbox force row level security;
