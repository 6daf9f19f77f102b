-- Who may make the facts that ties are made of, who may end them, and who sees them. A fact starts
-- at the instant of its making; it is ended once, then too, and says nothing else ever after.

create policy party_sees on referral for select to schakel_app
    using (id = any (array(select reach.own_referrals())));
create policy referrer_sees on referral for select to schakel_app
    using (referred_by = (select sec.actor()) and controller_id = (select sec.organisation()));
-- Whoever may refer a pupil, or a report, may end what its organisation referred: nothing hangs on
-- one person alone.
create policy colleague_sees on referral for select to schakel_app
    using (controller_id = (select sec.organisation())
        and (pupil_id = any (array(select reach.pupils('refer', 'referral')))
            or report_id = any (array(select reach.reports('refer', 'referral')))));
create policy facts_of_referral on enrolment for select to schakel_app
    using (pupil_id in (select reach.referred_pupils())
        and valid_from <= (select (sec.claims()).today)
        and (valid_until is null or (select (sec.claims()).today) < valid_until));
create policy refers on referral for insert to schakel_app
    with check (referred_by = (select sec.actor()) and controller_id = (select sec.organisation())
        and valid_from = (select (sec.claims()).instant) and valid_until is null
        and (pupil_id = any (array(select reach.pupils('refer', 'referral')))
            or report_id = any (array(select reach.reports('refer', 'referral')))));
create policy referrer_ends on referral for update to schakel_app
    using (controller_id = (select sec.organisation())
        and (referred_by = (select sec.actor())
            or pupil_id = any (array(select reach.pupils('refer', 'referral')))
            or report_id = any (array(select reach.reports('refer', 'referral')))))
    with check (controller_id = (select sec.organisation())
        and valid_until = (select (sec.claims()).instant));

create policy reached on referral_file for select to schakel_app
    using (referral_id = any (array(select reach.referrals('read', 'referral'))));
create policy refers on referral_file for insert to schakel_app
    with check (controller_id = (select sec.organisation()) and received_at is null and outcome is null
        and referral_id = any (array(
            select r.id from public.referral r
            where r.referred_by = (select sec.actor()) and r.controller_id = (select sec.organisation())
              and r.valid_from = (select (sec.claims()).instant))));
create policy receives on referral_file for update to schakel_app
    using (referral_id = any (array(select reach.referrals('receive', 'referral'))))
    with check (referral_id = any (array(select reach.referrals('receive', 'referral'))));

create policy reached on consent for select to schakel_app
    using (case_id = any (array(select reach.cases('read', 'consent'))));
create policy parties_see on consent for select to schakel_app
    using ((select sec.organisation()) in (from_organisation_id, to_organisation_id)
        and case_id = any (array(select reach.cases('read', 'case.participants'))));
create policy facts_of_consent on guardian_authority for select to schakel_app
    using (id = any (array(select reach.facts_of_consent())));
create policy facts_of_consent on own_account for select to schakel_app
    using (id = any (array(select reach.facts_of_consent())));
create policy giver_sees on consent for select to schakel_app
    using (given_by = (select sec.actor()));
create policy gives on consent for insert to schakel_app
    with check (given_by = (select sec.actor()) and valid_from = (select (sec.claims()).instant)
        and valid_until is null and case_id = any (array(select reach.cases('give', 'consent'))));
create policy giver_withdraws on consent for update to schakel_app
    using (given_by = (select sec.actor()))
    with check (given_by = (select sec.actor()) and valid_until = (select (sec.claims()).instant));

create policy own_facts on emergency_access for select to schakel_app
    using (actor_id = (select sec.actor()));
create policy officer_reads on emergency_access for select to schakel_app
    using (controller_id = any (array(select reach.controllers('read', 'emergency'))));
create policy declares on emergency_access for insert to schakel_app
    with check (actor_id = (select sec.actor()) and controller_id = (select sec.organisation())
        and role = (select (sec.claims()).role) and declared_at = (select (sec.claims()).instant)
        and reviewed_at is null
        and young_person_id = any (array(select reach.young_persons('declare', 'emergency'))));
create policy officer_reviews on emergency_access for update to schakel_app
    using (actor_id <> (select sec.actor())
        and controller_id = any (array(select reach.controllers('review', 'emergency'))))
    with check (reviewed_by = (select sec.actor()) and reviewed_at = (select (sec.claims()).instant)
        and controller_id = any (array(select reach.controllers('review', 'emergency'))));

grant insert on alert to schakel_reach;
create policy reach_tells on alert for insert to schakel_reach with check (kind = 'emergency');
create policy officer_reads on alert for select to schakel_app
    using (controller_id = any (array(select reach.controllers('read', 'log.organisation'))));
create policy own_budget on alert for insert to schakel_app
    with check (kind = 'reading_budget' and actor_id = (select sec.actor())
        and controller_id = (select sec.organisation()) and actor_organisation_id = (select sec.organisation())
        and role = (select (sec.claims()).role) and purpose = (select (sec.claims()).purpose)
        and day = (select (sec.claims()).today) and at = (select (sec.claims()).instant));
create trigger emergency_is_told after insert on emergency_access
    for each row execute function reach.emergency_is_told();

create policy officer_reads on trace for select to schakel_app
    using (controller_id = any (array(select reach.controllers('read', 'log.organisation'))));

create policy own_sightings on sighting for select to schakel_app
    using (actor_id = (select sec.actor()));
create policy counts on sighting for insert to schakel_app
    with check (actor_id = (select sec.actor()) and purpose = (select (sec.claims()).purpose)
        and day = (select (sec.claims()).today));

-- A school registers who the family is, and ends what it registered, also of who left it.
create policy own_facts on filiation for select to schakel_app
    using (parent_id = (select sec.actor()));
create policy own_facts on own_account for select to schakel_app
    using (account_id = (select sec.actor()));
create policy limits_own_access on whereabouts_protection for select to schakel_app
    using (young_person_id = any (array(select reach.children())));
drop policy registers on guardian_authority;
do $$
declare t text; class text; more text;
begin
    foreach t in array array['filiation', 'own_account', 'whereabouts_protection', 'guardian_authority'] loop
        -- Who keeps a young person's record does not become that person, and registers no parent
        -- who is no contact of it: nor learns of anybody else whether they are known at all.
        more := case t when 'own_account' then 'and reach.is_free_account(account_id, young_person_id)'
            when 'filiation' then $check$and exists (
                select 1 from public.pupil_contact c join public.pupil p on p.id = c.pupil_id
                where c.guardian_id = parent_id and p.controller_id = filiation.controller_id
                  and p.young_person_id = filiation.young_person_id)$check$
            else '' end;
        class := case t when 'whereabouts_protection' then 'pupil.whereabouts' else 'pupil.contact' end;
        execute format($policy$create policy school_sees on %I for select to schakel_app
            using (controller_id = (select sec.organisation()) and young_person_id = any (array(
                select p.young_person_id from public.pupil p
                where p.id = any (array(select reach.pupils('end', %L))))))$policy$, t, class);
        execute format($policy$create policy registers on %I for insert to schakel_app
            with check (controller_id = (select sec.organisation())
                and valid_from = (select (sec.claims()).instant) and young_person_id = any (array(
                select p.young_person_id from public.pupil p
                where p.controller_id = (select sec.organisation())
                  and p.id = any (array(select reach.pupils('register', %L))))) %s)$policy$, t, class, more);
        execute format($policy$create policy school_ends on %I for update to schakel_app
            using (controller_id = (select sec.organisation()) and young_person_id = any (array(
                select p.young_person_id from public.pupil p
                where p.id = any (array(select reach.pupils('end', %L))))))
            with check (controller_id = (select sec.organisation())
                and valid_until = (select (sec.claims()).instant))$policy$, t, class);
    end loop;
end $$;
alter policy registers on pupil_contact
    with check (pupil_id = any (array(select reach.pupils('register', 'pupil.contact')))
        and reach.may_be_contact(guardian_id));

create policy organisation_sees on court_measure for select to schakel_app
    using (controller_id = any (array(select reach.controllers('register', 'court_measure'))));
create policy party_sees on court_measure for select to schakel_app
    using (controller_id = (select sec.organisation())
        and young_person_id = any (array(select reach.own_subjects())));
create policy organisation_ends on court_measure for update to schakel_app
    using (controller_id = any (array(select reach.controllers('register', 'court_measure'))))
    with check (controller_id = any (array(select reach.controllers('register', 'court_measure')))
        and valid_until = (select (sec.claims()).instant));
create policy registers on court_measure for insert to schakel_app
    with check (controller_id = any (array(select reach.controllers('register', 'court_measure'))));

create policy lead_sees on withholding for select to schakel_app
    using (case_id = any (array(select reach.cases('withhold', 'case.core'))));
create policy limits_own_access on withholding for select to schakel_app
    using ((guardian_id is null or guardian_id = (select sec.actor()))
        and (select (sec.claims()).role) = 'guardian'
        and case_id = any (array(select reach.cases('read', 'case.core'))));
create policy lead_withholds on withholding for insert to schakel_app
    with check (valid_from = (select (sec.claims()).instant)
        and case_id = any (array(select reach.cases('withhold', 'case.core'))));

-- Whoever may end a fact may not move its end, and whoever reviewed may not think again.
create function fact_ends_once() returns trigger
language plpgsql set search_path = pg_catalog, pg_temp as $$
declare me sec.claim := sec.claims();
begin
    if old.valid_until <= me.instant or new.valid_until is distinct from me.instant then
        raise exception 'a fact ends once, at the instant of its ending' using errcode = '23514';
    end if;
    return new;
end $$;
create function emergency_is_reviewed_once() returns trigger
language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
    if old.reviewed_at is not null then
        raise exception 'an emergency is reviewed once' using errcode = '23514';
    end if;
    return new;
end $$;
create function referral_is_answered_once() returns trigger
language plpgsql set search_path = pg_catalog, pg_temp as $$
declare me sec.claim := sec.claims();
begin
    if (new.received_at is distinct from old.received_at
            and (old.received_at is not null or new.received_at is distinct from me.instant))
        or (new.outcome is distinct from old.outcome and (old.outcome is not null or new.received_at is null)) then
        raise exception 'a referral is received once, and then answered once' using errcode = '23514';
    end if;
    return new;
end $$;
do $$
declare t text;
begin
    foreach t in array array['referral', 'consent', 'filiation', 'whereabouts_protection', 'own_account',
        'guardian_authority', 'court_measure'] loop
        execute format('create trigger fact_ends_once before update on %I
            for each row execute function fact_ends_once()', t);
    end loop;
end $$;
create trigger emergency_is_reviewed_once before update on emergency_access
    for each row execute function emergency_is_reviewed_once();
create trigger referral_is_answered_once before update on referral_file
    for each row execute function referral_is_answered_once();
