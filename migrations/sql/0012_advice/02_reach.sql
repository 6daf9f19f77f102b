-- Which advice an activity reaches: the office's own and a board's about its branches, while a mandate
-- for the branch holds; and a school's by its people's assignments.

create policy reach_reads on advice for select to schakel_reach using (true);
grant select on advice to schakel_reach;

set role schakel_reach;

create function reach.advices(act text, class text) returns setof uuid
language plpgsql stable security definer set search_path = pg_catalog, pg_temp rows 50 as $$
declare me sec.claim := sec.claims();
begin
    if class <> 'advice' then
        return;
    elsif (me.role = 'attendance_adviser' and me.purpose = 'prevention_advice'
            and act in ('read', 'review', 'close'))
        or (me.role = 'board_analyst' and me.purpose = 'policy_statistics' and act = 'read') then
        return query
            select a.id from reach.mandates(me) m
            join public.advice a on true
            join public.school_branch b on b.id = a.branch_id
            left join public.directory_municipality d on d.code = b.municipality_code
            where (a.controller_id = me.organisation or b.organisation_id = me.organisation)
              and case m.unit_level
                  when 'board' then m.unit_code = b.organisation_id::text
                  when 'municipality' then m.unit_code = b.municipality_code
                  when 'alliance' then m.unit_code = b.alliance_code
                  when 'region' then m.unit_code = d.region_code
                  else m.unit_level = 'national' end;
    elsif me.purpose = 'daily_guidance' and (
        (me.role = 'head_of_school' and act in ('read', 'answer'))
        or (me.role = 'attendance_coordinator' and act = 'read')) then
        return query
            select a.id from reach.posts(me) p
            join public.advice a on a.branch_id = p.branch_id;
    end if;
end $$;

revoke all on function reach.advices(text, text) from public;
grant execute on function reach.advices(text, text)
    to schakel_app, schakel_aggregate, schakel_import, schakel_jobs;

set role schakel_owner;
