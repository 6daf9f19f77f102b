-- A version of a mark that a correction moved to another pupil stays with the first as history of what the
-- school knew; it was never about that pupil. It is kept for the school's daily guidance alone: a family
-- reads no version of its child's that was another child's. What is told of it goes with it.

alter table absence
    add column moved boolean not null default false,
    add constraint what_stands_is_not_moved check (not moved or replaced_at is not null);
alter table absence_reason add column moved boolean not null default false;
alter table absence_presumed add column moved boolean not null default false;

-- The versions of a mark are found by the school's own key; replaced ones are few.
create index absence_versions on absence (controller_id, branch_id, external_id) where replaced_at is not null;
