-- Who sees advice, who gives and who answers it. Advisers and analysts ask at the login that has no
-- privilege to read a table about persons, and act there too; a school at its own.

grant select on advice to schakel_app, schakel_aggregate;
grant update (state, answer, will_do, done_by, do_by, answered_by, answered_at) on advice to schakel_app;
grant insert (id, controller_id, branch_id, measure, first_day, last_day, seen, advised, state,
    recorded_by, recorded_at) on advice to schakel_aggregate;
grant update (state, follow_up, followed_up_by, followed_up_at, outcome, closed_by, closed_at)
    on advice to schakel_aggregate;

create policy reached on advice for select to schakel_app, schakel_aggregate
    using (id = any (array(select reach.advices('read', 'advice'))));
create policy records on advice for insert to schakel_aggregate
    with check (controller_id = (select sec.organisation()) and recorded_by = (select sec.actor())
        and recorded_at = (select (sec.claims()).instant) and state = 'recorded'
        and exists (
            select 1 from school_branch b
            where b.id = branch_id
              and 'branch:' || b.branch_code = any (array(select reach.units('advise', 'aggregate.branch')))));
create policy answers on advice for update to schakel_app
    using (id = any (array(select reach.advices('answer', 'advice'))))
    with check (state = 'answered' and answered_by = (select sec.actor())
        and answered_at = (select (sec.claims()).instant));
create policy follows_up on advice for update to schakel_aggregate
    using (id = any (array(select reach.advices('review', 'advice'))))
    with check (state = 'followed_up' and followed_up_by = (select sec.actor())
        and followed_up_at = (select (sec.claims()).instant));
create policy closes on advice for update to schakel_aggregate
    using (id = any (array(select reach.advices('close', 'advice'))))
    with check (state = 'closed' and closed_by = (select sec.actor())
        and closed_at = (select (sec.claims()).instant));

-- An act leaves its trace at this login too: of its own, now, and about no young person at all.
grant insert (id, controller_id, actor_id, organisation_id, role, purpose, activity, act, rules, data_classes,
    young_persons, about, request_id, at) on trace to schakel_aggregate;
create policy records_about_nobody on trace for insert to schakel_aggregate
    with check (actor_id = (select sec.actor())
        and organisation_id is not distinct from (select sec.organisation())
        and controller_id is not distinct from (select sec.organisation())
        and role = (select (sec.claims()).role) and purpose = (select (sec.claims()).purpose)
        and at = (select (sec.claims()).instant)
        and cardinality(young_persons) = 0);

grant select, insert on idempotency to schakel_aggregate;
alter policy own_keys on idempotency to schakel_app, schakel_aggregate;
alter policy keeps on idempotency to schakel_app, schakel_aggregate;
