-- The versions that were moved before: whose a mark is, its latest version says. The owner passes by no policy, so force is lifted for these
-- statements alone.
alter table absence no force row level security;
alter table absence_reason no force row level security;
alter table absence_presumed no force row level security;
with corrected as (
    select distinct controller_id, branch_id, external_id from absence where replaced_at is not null
), latest as (
    select distinct on (a.controller_id, a.branch_id, a.external_id)
        a.controller_id, a.branch_id, a.external_id, a.pupil_id
    from absence a join corrected using (controller_id, branch_id, external_id)
    order by a.controller_id, a.branch_id, a.external_id, (a.replaced_at is null) desc,
        a.recorded_at desc, a.replaced_at desc
)
update absence a set moved = true from latest l
where a.controller_id = l.controller_id and a.branch_id = l.branch_id and a.external_id = l.external_id
  and a.pupil_id <> l.pupil_id and a.replaced_at is not null;
update absence_reason r set moved = true from absence a
where a.moved and r.controller_id = a.controller_id and r.absence_id = a.id and r.day = a.day;
update absence_presumed p set moved = true from absence a
where a.moved and p.controller_id = a.controller_id and p.absence_id = a.id and p.day = a.day;
alter table absence force row level security;
alter table absence_reason force row level security;
alter table absence_presumed force row level security;
