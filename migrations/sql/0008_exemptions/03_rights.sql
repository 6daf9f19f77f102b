-- Who sees the office's own records, who makes them, and who ends them.

grant select, insert on exemption, non_enrolment to schakel_app;
grant update (state, end_reason, ended_by, ended_at, retained_until) on exemption to schakel_app;
grant update (state, outcome, closed_by, closed_at, retained_until) on non_enrolment to schakel_app;

create policy reached on exemption for select to schakel_app
    using ((data_class = 'exemption' and id = any (array(select reach.exemptions('read', 'exemption'))))
        or (data_class = 'exemption.health'
            and id = any (array(select reach.exemptions('read', 'exemption.health'))))
        or (data_class = 'exemption.belief'
            and id = any (array(select reach.exemptions('read', 'exemption.belief')))));
create policy registers on exemption for insert to schakel_app
    with check (registered_by = (select sec.actor()) and registered_at = (select (sec.claims()).instant)
        and state = 'registered'
        and reach.may_be_recorded(id, young_person_id, board_id, municipality_code)
        and ((data_class = 'exemption'
                and controller_id = any (array(select reach.controllers('register', 'exemption'))))
            or (data_class = 'exemption.health'
                and controller_id = any (array(select reach.controllers('register', 'exemption.health'))))
            or (data_class = 'exemption.belief'
                and controller_id = any (array(select reach.controllers('register', 'exemption.belief'))))));
create policy ends on exemption for update to schakel_app
    using ((data_class = 'exemption' and id = any (array(select reach.exemptions('end', 'exemption'))))
        or (data_class = 'exemption.health'
            and id = any (array(select reach.exemptions('end', 'exemption.health'))))
        or (data_class = 'exemption.belief'
            and id = any (array(select reach.exemptions('end', 'exemption.belief')))))
    with check (ended_by = (select sec.actor()) and ended_at = (select (sec.claims()).instant));

create policy reached on non_enrolment for select to schakel_app
    using (id = any (array(select reach.non_enrolments('read', 'non_enrolment'))));
create policy opens on non_enrolment for insert to schakel_app
    with check (opened_by = (select sec.actor()) and opened_at = (select (sec.claims()).instant)
        and state = 'open'
        and reach.may_be_recorded(id, young_person_id, board_id, municipality_code)
        and controller_id = any (array(select reach.controllers('open', 'non_enrolment'))));
create policy closes on non_enrolment for update to schakel_app
    using (id = any (array(select reach.non_enrolments('close', 'non_enrolment'))))
    with check (closed_by = (select sec.actor()) and closed_at = (select (sec.claims()).instant));
