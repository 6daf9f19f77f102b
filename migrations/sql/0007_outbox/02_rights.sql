-- Who adds to the outbox, who reads it, who removes what is old. Nobody changes a row of it, and
-- nobody says where in it a row stands.

grant create on schema reach to schakel_reach;
set role schakel_reach;

create or replace function reach.job(act text, class text) returns boolean
language plpgsql stable security definer set search_path = pg_catalog, pg_temp as $$
declare me sec.claim := sec.claims();
begin
    return coalesce(
        (me.role = 'platform_job' and me.purpose = 'policy_statistics' and act = 'aggregate' and class in (
            'pupil.enrolment', 'attendance.rate', 'attendance.unauthorised', 'attendance.authorised'))
        or (me.role = 'platform_job' and me.purpose = 'accountability'
            and (act, class) in (('account', 'log.own'), ('account', 'log.own.shielded'), ('erase', 'change')))
        or (me.role = 'platform_operator' and me.purpose = 'operation'
            and (act, class) in (('register', 'organisation'), ('appoint', 'staff'))),
        false);
end $$;

set role schakel_owner;
revoke create on schema reach from schakel_reach;

grant insert (controller_id, branch_id, kind, object_id, former_id, change, data_class, young_person_id,
    pupil_id, report_id, case_id, note_id, receipt_id, at)
    on outbox to schakel_app, schakel_import, schakel_jobs;
grant select on outbox to schakel_app;
grant select, delete on outbox to schakel_jobs;

-- A delivery says what it changed at its branch, of the pupils of its board.
create policy delivers on outbox for insert to schakel_import
    with check (at = (select (sec.claims()).instant)
        and (receipt_id, controller_id) in (select r.id, r.controller_id from import_receipt r)
        and ((data_class = 'import.receipt' and kind = 'receipt' and object_id = receipt_id)
            or ((pupil_id, young_person_id, controller_id) in (
                    select p.id, p.young_person_id, p.controller_id from pupil p)
                and ((data_class = 'pupil.identity'
                        and controller_id = any (array(select reach.controllers('import', 'pupil.identity'))))
                    or (data_class = 'pupil.enrolment'
                        and branch_id = any (array(select reach.branches('import', 'pupil.enrolment'))))
                    or (data_class = 'attendance.rate'
                        and branch_id = any (array(select reach.branches('import', 'attendance.rate'))))
                    or (data_class = 'attendance.unauthorised'
                        and branch_id = any (array(select reach.branches('import', 'attendance.unauthorised'))))
                    or (data_class = 'attendance.authorised'
                        and branch_id = any (array(select reach.branches('import', 'attendance.authorised'))))
                    -- A signal is of the class of what it tells.
                    or (data_class = 'signal'
                        and branch_id = any (array(select reach.branches('import', 'signal'))))
                    or (data_class = 'attendance.reason' and kind = 'signal'
                        and branch_id = any (array(select reach.branches('import', 'attendance.reason'))))
                    or (data_class = 'attendance.reason.health.fact' and kind = 'signal'
                        and branch_id = any (array(select reach.branches('import', 'attendance.reason.health.fact'))))))));

-- Whoever acts on a report or in a case says so of what it reaches; a delivery it has none.
create policy announces on outbox for insert to schakel_app
    with check (at = (select (sec.claims()).instant) and receipt_id is null and change <> 'deleted'
        and ((data_class = 'report.head'
                and report_id = any (array(select reach.reports('read', 'report.head'))))
            or (data_class in ('case.core', 'case.participants', 'attendance.summary', 'plan', 'action',
                    'note.general', 'note.support', 'note.youth_care')
                and (case_id = any (array(select reach.cases('read', 'case.core')))
                    or case_id = any (array(select reach.cases('write', 'note.general')))
                    or case_id = any (array(select reach.cases('offer', 'attendance.summary')))))
            -- Who leaves a case that nothing opens to them any more says so of their own part.
            or (data_class = 'case.participants' and kind = 'participant'
                and (object_id, case_id, controller_id) in (
                    select p.id, p.case_id, p.controller_id from participation p
                    where p.staff_id = (select sec.actor()) and p.ended_at is null))));

create policy allocates on outbox for insert to schakel_jobs
    with check (at = (select (sec.claims()).instant) and data_class = 'report.head'
        and report_id = any (array(select reach.reports('allocate', 'report'))));

create policy reached on outbox for select to schakel_app
    using ((data_class = 'pupil.identity'
            and pupil_id in (select reach.pupils('read', 'pupil.identity')))
        or (data_class = 'pupil.enrolment'
            and pupil_id in (select reach.pupils('read', 'pupil.enrolment')))
        or (data_class = 'attendance.rate'
            and pupil_id in (select reach.pupils('read', 'attendance.rate')))
        or (data_class = 'attendance.unauthorised'
            and pupil_id in (select reach.pupils('read', 'attendance.unauthorised')))
        or (data_class = 'attendance.authorised'
            and pupil_id in (select reach.pupils('read', 'attendance.authorised')))
        or (data_class = 'signal'
            and pupil_id in (select reach.pupils('read', 'signal')))
        or (data_class = 'attendance.reason'
            and pupil_id in (select reach.pupils('read', 'attendance.reason')))
        or (data_class = 'attendance.reason.health.fact'
            and pupil_id in (select reach.pupils('read', 'attendance.reason.health.fact')))
        or (data_class = 'report.head'
            and report_id = any (array(select reach.reports('read', 'report.head'))))
        or (data_class = 'case.core'
            and case_id = any (array(select reach.cases('read', 'case.core'))))
        or (data_class = 'case.participants'
            and case_id = any (array(select reach.cases('read', 'case.participants'))))
        or (data_class = 'attendance.summary'
            and case_id = any (array(select reach.cases('read', 'attendance.summary'))))
        or (data_class = 'plan' and case_id = any (array(select reach.cases('read', 'plan'))))
        or (data_class = 'action' and case_id = any (array(select reach.cases('read', 'action'))))
        or (data_class = 'note.general'
            and case_id = any (array(select reach.cases('read', 'note.general'))))
        or (data_class = 'note.support'
            and case_id = any (array(select reach.cases('read', 'note.support'))))
        or (data_class = 'note.youth_care'
            and note_id = any (array(select reach.notes('read', 'note.youth_care')))));
-- A receipt tells what came of the delivery, down to the ids of what it changed.
create policy own_deliveries on outbox for select to schakel_app
    using (receipt_id = any (array(select r.id from import_receipt r)));

create policy job_forgets on outbox for select to schakel_jobs
    using ((select reach.job('erase', 'change')));
create policy job_removes on outbox for delete to schakel_jobs
    using ((select reach.job('erase', 'change'))
        and at < (select (sec.claims()).instant) - interval '31 days');
