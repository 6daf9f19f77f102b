-- Who sees notices and requests for leave, who makes them, and who moves them on.

grant select, insert on absence_notice, leave_request, leave_explanation to schakel_app;
grant update (last_day, state, settled_at) on absence_notice to schakel_app;
grant update (state, head_view, heard_by, heard_at, decided_by, decided_at) on leave_request to schakel_app;

create policy reached on absence_notice for select to schakel_app
    using ((data_class = 'notice.illness' and pupil_id in (select reach.pupils('read', 'notice.illness')))
        or (data_class = 'notice.belief' and pupil_id in (select reach.pupils('read', 'notice.belief'))));
-- Whoever notified may settle it, also when the notice itself is the young person's own to read.
create policy notifier_sees on absence_notice for select to schakel_app
    using (notified_by = (select sec.actor())
        and pupil_id = any (array(select reach.pupils('request', 'notice.illness'))));
create policy notifies on absence_notice for insert to schakel_app
    with check (notified_by = (select sec.actor()) and notified_at = (select (sec.claims()).instant)
        and state = 'notified'
        and ((data_class = 'notice.illness' and pupil_id = any (array(select reach.pupils('request', 'notice.illness'))))
            or (data_class = 'notice.belief' and pupil_id = any (array(select reach.pupils('request', 'notice.belief'))))));
create policy notifier_settles on absence_notice for update to schakel_app
    using (notified_by = (select sec.actor())
        and pupil_id = any (array(select reach.pupils('request', 'notice.illness'))))
    with check (state in ('ended', 'withdrawn'));

create policy reached on leave_request for select to schakel_app
    using (pupil_id in (select reach.pupils('read', 'leave.request'))
        or id = any (array(select reach.leaves('read', 'leave.request'))));
create policy requests on leave_request for insert to schakel_app
    with check (submitted_by = (select sec.actor()) and submitted_at = (select (sec.claims()).instant)
        and state = 'submitted' and heard_at is null
        and pupil_id = any (array(select reach.pupils('request', 'leave.request'))));
create policy requester_withdraws on leave_request for update to schakel_app
    using (submitted_by = (select sec.actor())
        and pupil_id = any (array(select reach.pupils('request', 'leave.request'))))
    with check (state = 'withdrawn');
create policy head_moves on leave_request for update to schakel_app
    using (pupil_id = any (array(select reach.pupils('decide', 'attendance.authorised'))))
    with check ((decider = 'head' and state in ('granted', 'refused'))
        or (decider = 'officer' and state = 'heard'));
create policy officer_decides on leave_request for update to schakel_app
    using (id = any (array(select reach.leaves('decide', 'leave.request'))))
    with check (state in ('granted', 'refused'));

create policy reached on leave_explanation for select to schakel_app
    using (pupil_id in (select reach.pupils('read', 'leave.explanation'))
        or leave_id = any (array(select reach.leaves('read', 'leave.explanation'))));
create policy explains on leave_explanation for insert to schakel_app
    with check (pupil_id = any (array(select reach.pupils('request', 'leave.explanation')))
        and leave_id = any (array(
            select r.id from public.leave_request r
            where r.submitted_by = (select sec.actor())
              and r.submitted_at = (select (sec.claims()).instant))));
