-- Which of the office's own records an activity reaches, and about whom a new one may be.

create policy reach_reads on exemption for select to schakel_reach using (true);
create policy reach_reads on non_enrolment for select to schakel_reach using (true);
grant select on exemption, non_enrolment to schakel_reach;

set role schakel_reach;

create function reach.exemptions(act text, class text) returns setof uuid
language plpgsql stable security definer set search_path = pg_catalog, pg_temp rows 100 as $$
declare me sec.claim := sec.claims();
begin
    if class not in ('exemption', 'exemption.health', 'exemption.belief') then
        return;
    elsif me.role = 'attendance_officer' and me.purpose = 'compulsory_schooling' then
        if act in ('read', 'end') and reach.works(me) then
            return query
                select x.id from public.exemption x
                where x.controller_id = me.organisation
                  and (x.retained_until is null or x.retained_until >= me.today);
        end if;
    elsif me.role = 'guardian' and me.purpose = 'own_data' and act = 'read' then
        return query
            select x.id from reach.charges(me) c
            join public.exemption x on x.young_person_id = c.young_person_id and x.board_id = c.controller_id
            where c.under_16 and not reach.is_protected(me, c.young_person_id);
    elsif me.role = 'young_person' and me.purpose = 'own_data' and act = 'read' then
        return query
            select x.id from reach.own_records(me) o
            join public.exemption x on x.young_person_id = o.young_person_id and x.board_id = o.controller_id
            where o.from_16;
    end if;
end $$;

create function reach.non_enrolments(act text, class text) returns setof uuid
language plpgsql stable security definer set search_path = pg_catalog, pg_temp rows 100 as $$
declare me sec.claim := sec.claims();
begin
    if class <> 'non_enrolment' then
        return;
    elsif me.role = 'attendance_officer' and me.purpose = 'compulsory_schooling' then
        if act in ('read', 'close') and reach.works(me) then
            return query
                select n.id from public.non_enrolment n
                where n.controller_id = me.organisation
                  and (n.retained_until is null or n.retained_until >= me.today);
        end if;
    elsif me.role = 'guardian' and me.purpose = 'own_data' and act = 'read' then
        return query
            select n.id from reach.charges(me) c
            join public.non_enrolment n on n.young_person_id = c.young_person_id and n.board_id = c.controller_id
            where c.under_16 and not reach.is_protected(me, c.young_person_id);
    elsif me.role = 'young_person' and me.purpose = 'own_data' and act = 'read' then
        return query
            select n.id from reach.own_records(me) o
            join public.non_enrolment n on n.young_person_id = o.young_person_id and n.board_id = o.controller_id
            where o.from_16;
    end if;
end $$;

-- May a new record of the actor's office be about this young person, known from this board? Yes of
-- who has the record's own id and no board; of whom a report is about that the actor reads; and of
-- whom an own record is about. The municipality is one that the office serves now.
create function reach.may_be_recorded(record uuid, child uuid, board uuid, code text) returns boolean
language plpgsql stable security definer set search_path = pg_catalog, pg_temp as $$
declare me sec.claim := sec.claims();
begin
    return exists (
            select 1 from public.office_municipality o
            where o.organisation_id = me.organisation and o.municipality_code = code
              and o.valid_from <= me.instant and (o.valid_until is null or me.instant < o.valid_until))
        and ((board is null and child = record)
            or exists (
                select 1 from reach.reports('read', 'report') l (id)
                join public.report r on r.id = l.id
                where r.young_person_id = child and r.controller_id = board)
            or exists (
                select 1 from reach.exemptions('read', 'exemption') l (id)
                join public.exemption x on x.id = l.id
                where x.young_person_id = child and x.board_id is not distinct from board)
            or exists (
                select 1 from reach.non_enrolments('read', 'non_enrolment') l (id)
                join public.non_enrolment n on n.id = l.id
                where n.young_person_id = child and n.board_id is not distinct from board));
end $$;

-- As before, but for what an attendance officer registers: of this whole text only that is new.
create or replace function reach.controllers(act text, class text) returns setof uuid
language plpgsql stable security definer set search_path = pg_catalog, pg_temp rows 2 as $$
declare me sec.claim := sec.claims();
begin
    if me.role = 'school_system' and me.purpose = 'data_delivery' and act = 'import'
        and class in ('pupil.identity', 'pupil.number', 'pupil.whereabouts') then
        return query
            select distinct b.organisation_id from public.delivery_agreement d
            join public.school_branch b on b.id = d.branch_id
            where d.client_id = me.actor
              and d.valid_from <= me.instant and (d.valid_until is null or me.instant < d.valid_until);
    elsif (me.role = 'organisation_administrator' and me.purpose = 'administration'
            and (act, class) in (('read', 'staff'), ('appoint', 'staff'), ('register', 'court_measure')))
        or (me.role = 'privacy_officer' and me.purpose = 'accountability'
            and (act, class) in (('read', 'staff'), ('read', 'log.organisation'), ('advise', 'log.organisation'),
                ('hold', 'log.organisation'), ('read', 'emergency'), ('review', 'emergency')))
        or (me.role = 'attendance_officer' and me.purpose = 'compulsory_schooling'
            and (act, class) in (('register', 'exemption'), ('register', 'exemption.health'),
                ('register', 'exemption.belief'), ('open', 'non_enrolment'))) then
        if reach.works(me) then
            return next me.organisation;
        end if;
    end if;
end $$;

revoke all on function reach.exemptions(text, text), reach.non_enrolments(text, text),
    reach.may_be_recorded(uuid, uuid, uuid, text) from public;
grant execute on function reach.exemptions(text, text), reach.non_enrolments(text, text)
    to schakel_app, schakel_aggregate, schakel_import, schakel_jobs;
grant execute on function reach.may_be_recorded(uuid, uuid, uuid, text) to schakel_app;

set role schakel_owner;
