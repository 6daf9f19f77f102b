-- The trace of lists that were read before, and the lines that the log's job made of them.

set session_replication_role = replica;

insert into trace
    (id, controller_id, actor_id, organisation_id, role, purpose, activity, act, rules, data_classes,
     young_persons, request_id, at, recorded_at, expanded)
select bench.key('trace', group_of), min(controller_id::text)::uuid, bench.key('mentor', min(branch) * 1000),
    min(controller_id::text)::uuid, 'mentor', 'daily_guidance', 'read', 'read', '{filled}',
    '{pupil.identity}', array_agg(young_person_id), 'filled', now() - interval '2 days',
    now() - interval '2 days', true
from (select *, n / 5 as group_of from bench.pupil) grouped group by group_of;
insert into access_line
    (id, trace_id, young_person_id, role, purpose, activity, act, rules, data_classes, at)
select bench.key('line', n), bench.key('trace', n / 5), young_person_id, 'mentor',
    'daily_guidance', 'read', 'read', '{filled}', '{pupil.identity}', now() - interval '2 days'
from bench.pupil;
insert into access_line_organisation (line_id, young_person_id, organisation_id)
select bench.key('line', n), young_person_id, controller_id from bench.pupil;
update trace_progress set complete_until = now() - interval '1 day';
drop table bench.pupil;
