-- The chain: one pupil in twenty was reported, to the office of the municipality; of every second
-- report a case was made, with the school and a provider of youth care in it. One report in ten is for
-- the transition region.

set session_replication_role = replica;

insert into report
    (id, controller_id, branch_id, pupil_id, young_person_id, signal_id, kind, rule_set, state,
     municipality_code, age, prepared_by, prepared_at, sent_by, sent_at, taken_on_by, taken_on_at,
     closed_at, outcome, retained_until)
select bench.key('report', n), controller_id, branch_id, id, young_person_id, bench.key('signal', n),
    case when n % 200 = 100 then 'transition' else 'unauthorised_absence' end, 'leerplichtwet-1969',
    case when n % 60 = 0 then 'closed' else 'taken_on' end,
    'GM' || lpad((9000 + branch / 25)::text, 4, '0'),
    extract(year from age(date '2011-02-03')),
    bench.key('coordinator', branch), now() - interval '8 days', bench.key('coordinator', branch),
    now() - interval '7 days', bench.key('officer', branch / 25 * 5 + n / 20 % 5), now() - interval '6 days',
    case when n % 60 = 0 then now() - interval '1 day' end, case when n % 60 = 0 then 'back_to_school' end,
    current_date + 1000
from bench.pupil where n % 20 = 0;
insert into report_extract (report_id, controller_id, young_person_id, birth_date, extract)
select bench.key('report', n), controller_id, young_person_id, '2011-02-03',
    jsonb_build_object('givenName', 'Noor', 'familyName', 'Achternaam' || n, 'birthDate', '2011-02-03',
        'weeks', '[]'::jsonb)
from bench.pupil where n % 20 = 0;
insert into report_contact (id, controller_id, report_id, position, name, relation, recorded_at)
select gen_random_uuid(), controller_id, bench.key('report', n), 0, 'Ouder ' || n, 'mother',
    now() - interval '8 days'
from bench.pupil where n % 20 = 0;
insert into report_allocation (id, report_id, office_id, valid_from, valid_until)
select gen_random_uuid(), bench.key('report', n), bench.key('office', branch / 25), now() - interval '7 days',
    case when n % 60 = 0 then now() - interval '1 day' end
from bench.pupil where n % 20 = 0;

insert into case_file
    (id, controller_id, board_id, young_person_id, report_id, form, state, opened_by, opened_at)
select bench.key('case', n), bench.key('office', branch / 25), controller_id, young_person_id,
    bench.key('report', n), 'attendance_conference', 'open', bench.key('officer', branch / 25 * 5 + n / 20 % 5), now() - interval '5 days'
from bench.pupil where n % 40 = 0;
insert into case_identity (case_id, controller_id, given_name, family_name, birth_date)
select bench.key('case', n), bench.key('office', branch / 25), 'Noor', 'Achternaam' || n, '2011-02-03'
from bench.pupil where n % 40 = 0;
insert into participation
    (id, case_id, controller_id, young_person_id, organisation_id, branch_id, role, purpose, is_lead,
     shares, staff_id, display_name, invited_at, answered_at, accepted_at)
select bench.key(word, n), bench.key('case', n), bench.key('office', branch / 25), young_person_id,
    organisation_id, at_branch, role, purpose, word = 'leads', '{}', staff_id, 'Medewerker',
    now() - interval '5 days', case when answered then now() - interval '4 days' end,
    case when answered then now() - interval '4 days' end
from bench.pupil, lateral (values
    ('leads', bench.key('office', branch / 25), null::uuid, 'attendance_officer', 'case_coordination',
        bench.key('officer', branch / 25 * 5 + n / 20 % 5), true),
    ('supports', controller_id, branch_id, 'support_coordinator', 'case_coordination',
        bench.key('support', branch), true),
    ('cares', bench.key('care', branch / 25), null, 'youth_care_worker', 'youth_care',
        case when n % 80 = 0 then bench.key('worker', branch / 25 * 5 + n / 80 % 5) end, n % 80 = 0),
    ('consults', bench.key('alliance', branch / 25), null, 'alliance_consultant', 'special_needs_support',
        case when n % 80 = 0 then bench.key('consultant', branch / 25 * 5 + n / 80 % 5) end, n % 80 = 0)
) as part (word, organisation_id, at_branch, role, purpose, staff_id, answered)
where n % 40 = 0;

insert into plan
    (id, case_id, controller_id, young_person_id, goal, state, review_on, recorded_at, agreed_at)
select bench.key('plan', n), bench.key('case', n), bench.key('office', branch / 25), young_person_id,
    'Weer elke dag naar school.', 'agreed', current_date + 30, now() - interval '3 days', now() - interval '2 days'
from bench.pupil where n % 40 = 0;
insert into plan_agreement (plan_id, case_id, participation_id, agreed_at)
select bench.key('plan', n), bench.key('case', n), bench.key(word, n), now() - interval '2 days'
from bench.pupil, (values ('leads'), ('supports')) agreeing (word) where n % 40 = 0;
insert into plan_action (id, plan_id, case_id, owner_id, description, due_on, state, recorded_at)
select gen_random_uuid(), bench.key('plan', n), bench.key('case', n), bench.key('supports', n),
    'Een rustige plek voor het eerste uur.', current_date + 10, 'open', now() - interval '2 days'
from bench.pupil where n % 40 = 0;
insert into note (id, case_id, controller_id, young_person_id, data_class, author_id,
    writer_role, writer_name, sealed, recorded_at)
select gen_random_uuid(), bench.key('case', n), bench.key('office', branch / 25), young_person_id,
    'note.general', bench.key('leads', n), 'attendance_officer', 'Medewerker', '\x00', now() - interval '2 days'
from bench.pupil where n % 40 = 0;
insert into attendance_summary
    (id, case_id, controller_id, young_person_id, band, trend, period_from, period_until, offered_at)
select gen_random_uuid(), bench.key('case', n), controller_id, young_person_id, '5-10', 'stable',
    current_date - 60, current_date - 4, now() - interval '3 days'
from bench.pupil where n % 40 = 0;
