-- How far a delivery has come, told while it is under way: over a connection of its own, for what
-- the delivery itself writes is seen by nobody before it is whole. It counts, and says nothing of
-- what is in the file.

create table import_progress (
    receipt_id uuid primary key references import_receipt (id),
    controller_id uuid not null,
    stage text not null check (stage in ('waiting', 'receiving', 'reading', 'following', 'interrupted')),
    lines bigint check (lines >= 0),
    share real check (share between 0 and 1),
    told_at timestamptz not null,
    check (stage <> 'waiting' or (lines is null and share is null))
) with (fillfactor = 50);

alter table import_progress enable row level security;
alter table import_progress force row level security;

grant select on import_progress to schakel_app, schakel_import;
grant insert on import_progress to schakel_app;
grant update (stage, lines, share, told_at) on import_progress to schakel_import;

-- Who sees the receipt sees how far it is; the receipt's own policy decides.
create policy own_progress on import_progress for select to schakel_app, schakel_import
    using (exists (select from import_receipt r where r.id = receipt_id));
create policy starts on import_progress for insert to schakel_app
    with check (stage = 'waiting' and told_at = (select (sec.claims()).instant)
        and exists (select from import_receipt r
            where r.id = receipt_id and r.controller_id = import_progress.controller_id
                and r.state = 'waiting'));
create policy tells on import_progress for update to schakel_import
    using (exists (select from import_receipt r where r.id = receipt_id and r.state = 'waiting'))
    with check (stage <> 'waiting' and told_at = (select (sec.claims()).instant)
        and exists (select from import_receipt r where r.id = receipt_id and r.state = 'waiting'));
