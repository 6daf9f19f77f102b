-- What acts may name beyond what their actor reads, what a referral may say, and who may withdraw
-- consent.

set role schakel_reach;

-- The young persons about whom a certified institution may register a measure: those in whose
-- cases it takes part. Its administrator reads no case, so this is all that is said.
create function reach.measurable() returns setof uuid
language plpgsql stable security definer set search_path = pg_catalog, pg_temp rows 50 as $$
declare me sec.claim := sec.claims();
begin
    if me.role = 'organisation_administrator' and me.purpose = 'administration' and reach.works(me) then
        return query
            select t.young_person_id from public.participation t
            where t.organisation_id = me.organisation and t.role = 'child_protection_worker'
              and t.accepted_at <= me.instant and (t.ended_at is null or me.instant < t.ended_at);
    end if;
end $$;

-- Until when a measure of a kind may last at most: supervision a year (BW 1:258), and each until the
-- 18th birthday in the first record that has one. It is said of whom a measure may be about, and
-- to who may register it; without a bound there is no answer.
create function reach.measure_bound(child uuid, kind text) returns timestamptz
language plpgsql stable security definer set search_path = pg_catalog, pg_temp as $$
declare me sec.claim := sec.claims();
begin
    if child not in (select reach.measurable()) then
        return me.instant;
    end if;
    return least(
        case when kind = 'supervision' then me.instant + interval '1 year' end,
        (select (min(p.birth_date) + interval '18 years') at time zone 'Europe/Amsterdam'
         from public.pupil p where p.young_person_id = child));
end $$;

-- The guardians from whom the lead may withhold a case's work: those whom the board that the case
-- came from has registered. The lead reads nothing about them.
create function reach.guardians_of_case(wanted uuid) returns setof uuid
language plpgsql stable security definer set search_path = pg_catalog, pg_temp rows 3 as $$
declare me sec.claim := sec.claims();
begin
    return query
        select g.guardian_id from public.case_file f
        join public.guardian_authority g
          on g.young_person_id = f.young_person_id and g.controller_id = f.board_id
        where f.id = wanted and f.id in (select reach.cases('withhold', 'case.core'))
          and g.valid_from <= me.instant and (g.valid_until is null or me.instant < g.valid_until);
end $$;

revoke all on function reach.measurable(), reach.measure_bound(uuid, text),
    reach.guardians_of_case(uuid) from public;
grant execute on function reach.measurable(), reach.measure_bound(uuid, text),
    reach.guardians_of_case(uuid) to schakel_app;

set role schakel_owner;

create index on guardian_authority (young_person_id);

alter policy registers on court_measure
    with check (controller_id = any (array(select reach.controllers('register', 'court_measure')))
        and valid_from = (select (sec.claims()).instant)
        and young_person_id = any (array(select reach.measurable()))
        and valid_until <= coalesce(reach.measure_bound(young_person_id, kind), 'infinity'));

alter policy lead_withholds on withholding
    with check (valid_from = (select (sec.claims()).instant)
        and case_id = any (array(select reach.cases('withhold', 'case.core')))
        and (guardian_id is null or guardian_id in (select reach.guardians_of_case(case_id))));

-- Authority is registered of a contact person of the pupil, and begins at the act (the loop over the
-- facts of the family says when).
alter policy registers on guardian_authority
    with check (controller_id = (select sec.organisation()) and valid_from = (select (sec.claims()).instant)
        and guardian_id in (
            select c.guardian_id from public.pupil_contact c
            join public.pupil p on p.id = c.pupil_id
            where p.young_person_id = guardian_authority.young_person_id
              and p.controller_id = guardian_authority.controller_id
              and p.id = any (array(select reach.pupils('register', 'pupil.contact')))));

-- AVG 7(3): withdrawing is as easy as giving. Whoever may give leave in a case may withdraw what
-- the other parent gave, and a young person of 16 what a parent gave before.
alter policy giver_withdraws on consent
    using (given_by = (select sec.actor())
        or case_id = any (array(select reach.cases('give', 'consent'))))
    with check (valid_until = (select (sec.claims()).instant)
        and (given_by = (select sec.actor())
            or case_id = any (array(select reach.cases('give', 'consent')))));

-- A school refers its pupils, to those who care for them; only the office that a report is
-- allocated to hands it on. A kind goes to one role.
alter policy refers on referral
    with check (referred_by = (select sec.actor()) and controller_id = (select sec.organisation())
        and valid_from = (select (sec.claims()).instant) and valid_until is null
        and case when report_id is null
            then (kind, to_role) in (('mazl', 'youth_doctor'), ('special_needs', 'alliance_consultant'),
                    ('statutory', 'alliance_consultant'))
                and pupil_id = any (array(select reach.pupils('refer', 'referral')))
            else kind in ('halt', 'child_protection_board', 'public_prosecutor', 'safe_at_home')
                and to_role = 'referral_partner' and (select (sec.claims()).role) = 'attendance_officer'
                and report_id = any (array(select reach.reports('refer', 'referral'))) end);
