-- What there is moves. A forced owner sees no row of its own: lifted on the tables before, which go
-- with the move; the new ones are forced in the same transaction, before anybody sees them.

alter table absence_before no force row level security;
alter table absence_reason_before no force row level security;
alter table pupil_week_before no force row level security;
alter table delivered_week_before no force row level security;

insert into absence (id, controller_id, branch_id, pupil_id, external_id, day, start_unit, lesson_units,
    minutes, category, data_class, recorded_at, replaced_at)
select id, controller_id, branch_id, pupil_id, external_id, day, start_unit, lesson_units, minutes,
    category, data_class, recorded_at, replaced_at
from absence_before;

insert into absence_reason (controller_id, absence_id, day, branch_id, pupil_id, code, data_class, recorded_at)
select r.controller_id, r.absence_id, a.day, r.branch_id, r.pupil_id, r.code, r.data_class, r.recorded_at
from absence_reason_before r
join absence_before a on a.controller_id = r.controller_id and a.id = r.absence_id;

insert into pupil_week (controller_id, branch_id, pupil_id, monday, scheduled_minutes, scheduled_units,
    attended_minutes, attended_units, recorded_at)
select controller_id, branch_id, pupil_id, monday, scheduled_minutes, scheduled_units,
    attended_minutes, attended_units, recorded_at
from pupil_week_before;

insert into delivered_week (controller_id, branch_id, monday, recorded_at)
select controller_id, branch_id, monday, recorded_at from delivered_week_before;

do $$
declare
    moved boolean;
begin
    select (select count(*) from absence) = (select count(*) from absence_before)
        and (select count(*) from absence_reason) = (select count(*) from absence_reason_before)
        and (select count(*) from pupil_week) = (select count(*) from pupil_week_before)
        and (select count(*) from delivered_week) = (select count(*) from delivered_week_before)
    into moved;
    if not moved then
        raise exception 'not every row moved';
    end if;
end $$;

drop table absence_reason_before, absence_before, pupil_week_before, delivered_week_before;
