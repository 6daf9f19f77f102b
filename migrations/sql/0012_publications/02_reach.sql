-- Which units figures are read of: those under a mandate as before, and those that these lie in, for
-- comparison. Who locks a period, and what the job adds up.

set role schakel_reach;

-- The branches that lie in the areas under the actor's mandate, each with its municipality.
create function reach.mandated_branches(me sec.claim)
returns table (branch_code text, municipality_code text)
language plpgsql stable set search_path = pg_catalog, pg_temp rows 50 as $$
begin
    return query
        select b.branch_code, b.municipality_code from reach.mandates(me) m
        join public.school_branch b on b.organisation_id =
            case when m.unit_level = 'board' then m.unit_code::uuid end
        union
        select b.branch_code, b.municipality_code from reach.mandates(me) m
        join public.school_branch b on b.municipality_code = m.unit_code
        where m.unit_level = 'municipality'
        union
        select b.branch_code, b.municipality_code from reach.mandates(me) m
        join public.school_branch b on b.alliance_code = m.unit_code
        where m.unit_level = 'alliance'
        union
        select b.branch_code, b.municipality_code from reach.mandates(me) m
        join public.directory_municipality d on d.region_code = m.unit_code
        join public.school_branch b on b.municipality_code = d.code
        where m.unit_level = 'region'
        union
        select b.branch_code, b.municipality_code from public.school_branch b
        where exists (select 1 from reach.mandates(me) m where m.unit_level = 'national');
end $$;

-- The municipalities, the regions or the country that units under the actor's mandate lie in.
create function reach.around(me sec.claim, level text) returns setof text
language plpgsql stable set search_path = pg_catalog, pg_temp rows 10 as $$
begin
    if level = 'municipality' then
        return query
            select distinct 'municipality:' || b.municipality_code from reach.mandated_branches(me) b;
    elsif level = 'region' then
        return query
            select 'region:' || d.region_code from reach.mandated_branches(me) b
            join public.directory_municipality d on d.code = b.municipality_code
            union
            select 'region:' || d.region_code from reach.mandates(me) m
            join public.directory_municipality d
              on case m.unit_level
                  when 'municipality' then d.code = m.unit_code
                  when 'region' then d.region_code = m.unit_code
                  else m.unit_level = 'national' end;
    elsif level = 'national' then
        return query
            select 'national:NL' where exists (select 1 from reach.mandates(me));
    end if;
end $$;

create or replace function reach.units(act text, class text) returns setof text
language plpgsql stable security definer set search_path = pg_catalog, pg_temp rows 50 as $$
declare
    me sec.claim := sec.claims();
    level text := substr(class, length('aggregate.') + 1);
begin
    if act = 'read' and (
        (me.role in ('board_analyst', 'alliance_analyst') and me.purpose = 'policy_statistics'
            and class in ('aggregate.municipality', 'aggregate.region', 'aggregate.national'))
        or (me.role = 'attendance_adviser' and me.purpose = 'prevention_advice'
            and class in ('aggregate.region', 'aggregate.national'))) then
        return query select reach.around(me, level);
        return;
    end if;
    if not coalesce(
        (act = 'read' and (
            (me.role = 'board_analyst' and me.purpose = 'policy_statistics'
                and class in ('aggregate.branch', 'aggregate.board'))
            or (me.role = 'alliance_analyst' and me.purpose = 'policy_statistics'
                and class in ('aggregate.branch', 'aggregate.alliance'))
            or (me.role = 'attendance_adviser' and me.purpose = 'prevention_advice'
                and class in ('aggregate.branch', 'aggregate.municipality'))
            or (me.role = 'inspector' and me.purpose = 'supervision'
                and class in ('aggregate.branch', 'aggregate.board', 'aggregate.municipality',
                    'aggregate.alliance', 'aggregate.region', 'aggregate.national'))
            or (me.role = 'policy_maker' and me.purpose = 'policy_statistics'
                and class in ('aggregate.region', 'aggregate.national'))
            or (me.role = 'reporting_client' and me.purpose = 'policy_statistics'
                and class in ('aggregate.branch', 'aggregate.board', 'aggregate.municipality',
                    'aggregate.alliance', 'aggregate.region')
                and exists (
                    -- A program reads no finer than the people of its organisation do.
                    select 1 from public.organisation o
                    where o.id = me.organisation and case o.kind
                        when 'school_board' then level in ('branch', 'board')
                        when 'support_alliance' then level in ('branch', 'alliance')
                        when 'attendance_office' then level in ('branch', 'municipality')
                        when 'ministry' then level in ('region', 'national')
                        else o.kind = 'inspectorate' end))))
        or (act = 'advise' and class = 'aggregate.branch'
            and me.role = 'attendance_adviser' and me.purpose = 'prevention_advice')
        or (act = 'lock' and class = 'aggregate.board'
            and me.role = 'board_analyst' and me.purpose = 'policy_statistics'),
        false) then
        return;
    end if;
    return query
        select m.unit_level || ':' || m.unit_code from reach.mandates(me) m where m.unit_level = level;
    if level = 'branch' then
        return query select 'branch:' || b.branch_code from reach.mandated_branches(me) b;
    elsif level = 'municipality' then
        return query
            select 'municipality:' || d.code from reach.mandates(me) m
            join public.directory_municipality d on d.region_code = m.unit_code
            where m.unit_level = 'region';
    end if;
    if level in ('board', 'municipality', 'alliance', 'region')
        and exists (select 1 from reach.mandates(me) m where m.unit_level = 'national') then
        if level = 'board' then
            return query
                select 'board:' || o.id from public.organisation o where o.kind = 'school_board';
        elsif level = 'municipality' then
            return query
                select 'municipality:' || d.code from public.directory_municipality d
                union select 'municipality:' || b.municipality_code from public.school_branch b;
        elsif level = 'alliance' then
            return query
                select distinct 'alliance:' || b.alliance_code from public.school_branch b
                where b.alliance_code is not null;
        else
            return query select distinct 'region:' || d.region_code from public.directory_municipality d;
        end if;
    end if;
end $$;

-- As before, but for what figures are made of.
create or replace function reach.job(act text, class text) returns boolean
language plpgsql stable security definer set search_path = pg_catalog, pg_temp as $$
declare me sec.claim := sec.claims();
begin
    return coalesce(
        (me.role = 'platform_job' and me.purpose = 'policy_statistics' and act = 'aggregate' and class in (
            'pupil.identity', 'pupil.enrolment', 'attendance.rate', 'attendance.unauthorised',
            'attendance.authorised', 'attendance.reason.health.fact', 'report.head', 'plan',
            'aggregate.branch.exact'))
        or (me.role = 'platform_job' and me.purpose = 'accountability'
            and (act, class) in (('account', 'log.own'), ('account', 'log.own.shielded'), ('erase', 'change')))
        or (me.role = 'platform_operator' and me.purpose = 'operation'
            and (act, class) in (('register', 'organisation'), ('appoint', 'staff'))),
        false);
end $$;

revoke all on function reach.mandated_branches(sec.claim), reach.around(sec.claim, text) from public;

set role schakel_owner;
