-- Small answers that policies need beside the classes, and who may call what.

set role schakel_reach;

-- The young persons whose guardian or parent the actor is, by whichever board: what limits its own
-- access it may see, for the first account of reach has to.
create function reach.children() returns setof uuid
language plpgsql stable security definer set search_path = pg_catalog, pg_temp rows 3 as $$
declare me sec.claim := sec.claims();
begin
    if me.purpose <> 'own_data' then
        return;
    elsif me.role = 'guardian' then
        return query
            select g.young_person_id from public.guardian_authority g
            where g.guardian_id = me.actor
              and g.valid_from <= me.instant and (g.valid_until is null or me.instant < g.valid_until);
    elsif me.role = 'parent_without_authority' then
        return query
            select f.young_person_id from public.filiation f
            where f.parent_id = me.actor
              and f.valid_from <= me.instant and (f.valid_until is null or me.instant < f.valid_until);
    end if;
end $$;

-- The actor's own children's records, or the actor's own, of pupils who are at a school of that
-- board today: the first account of reach asks it here, for whoever may not read where a protected
-- child is may not read an enrolment either.
create function reach.enrolled_records() returns setof uuid
language plpgsql stable security definer set search_path = pg_catalog, pg_temp rows 3 as $$
declare me sec.claim := sec.claims();
begin
    if me.purpose <> 'own_data' then
        return;
    elsif me.role = 'guardian' then
        return query
            select c.pupil_id from reach.charges(me) c where reach.is_enrolled(me, c.pupil_id);
    elsif me.role = 'young_person' then
        return query
            select o.pupil_id from reach.own_records(me) o where reach.is_enrolled(me, o.pupil_id);
    end if;
end $$;

-- The referrals to the actor's organisation and role: the fact, whatever the role may read by it.
create function reach.own_referrals() returns setof uuid
language plpgsql stable security definer set search_path = pg_catalog, pg_temp rows 20 as $$
declare me sec.claim := sec.claims();
begin
    return query select r.referral_id from reach.referred(me) r;
end $$;

-- The pupils who are referred to the actor: that they are enrolled is part of the fact.
create function reach.referred_pupils() returns setof uuid
language plpgsql stable security definer set search_path = pg_catalog, pg_temp rows 20 as $$
declare me sec.claim := sec.claims();
begin
    return query select r.pupil_id from reach.referred(me) r where r.pupil_id is not null;
end $$;

-- The authorities and accounts, held now, of who gave leave to the actor's organisation, or to share
-- what it wrote, in the actor's cases: that leave rests on them.
create function reach.facts_of_consent() returns setof uuid
language plpgsql stable security definer set search_path = pg_catalog, pg_temp rows 5 as $$
declare me sec.claim := sec.claims();
begin
    return query
        select g.id from reach.parts(me) t
        join public.consent c on c.case_id = t.case_id
        join public.guardian_authority g
          on g.guardian_id = c.given_by and g.young_person_id = c.young_person_id
        where me.organisation in (c.from_organisation_id, c.to_organisation_id)
          and g.valid_from <= me.instant and (g.valid_until is null or me.instant < g.valid_until)
        union
        select o.id from reach.parts(me) t
        join public.consent c on c.case_id = t.case_id
        join public.own_account o
          on o.account_id = c.given_by and o.young_person_id = c.young_person_id
        where me.organisation in (c.from_organisation_id, c.to_organisation_id)
          and o.valid_from <= me.instant and (o.valid_until is null or me.instant < o.valid_until);
end $$;

-- The young persons in whose cases the actor takes part.
create function reach.own_subjects() returns setof uuid
language plpgsql stable security definer set search_path = pg_catalog, pg_temp rows 20 as $$
declare me sec.claim := sec.claims();
begin
    return query select t.young_person_id from reach.parts(me) t;
end $$;

-- The cases of a mentor's pupils that its school takes part in.
create function reach.cases_of_class() returns setof uuid
language plpgsql stable security definer set search_path = pg_catalog, pg_temp rows 20 as $$
declare me sec.claim := sec.claims();
begin
    if me.role = 'mentor' then
        return query select reach.cases('read', 'plan');
    end if;
end $$;

-- The reports by which an attendance officer who declares an emergency works with somebody.
create function reach.reports_of_relation() returns setof uuid
language plpgsql stable security definer set search_path = pg_catalog, pg_temp rows 50 as $$
declare me sec.claim := sec.claims();
begin
    if me.role = 'attendance_officer' and me.purpose = 'emergency' then
        return query select l.report_id from reach.allocated(me) l;
    end if;
end $$;

-- Whether an account can be the own one of a young person whom the actor registers things of: it is
-- nobody's who works somewhere, no guardian's, no program's and no other young person's. Of others
-- nothing is said.
create function reach.is_free_account(account uuid, child uuid) returns boolean
language plpgsql stable security definer set search_path = pg_catalog, pg_temp as $$
declare me sec.claim := sec.claims();
begin
    return exists (
            select 1 from public.pupil p
            where p.young_person_id = child and p.controller_id = me.organisation
              and p.id in (select reach.pupils('register', 'pupil.contact')))
        and not exists (select 1 from public.staff s where s.id = account)
        and not exists (select 1 from public.guardian g where g.id = account)
        and not exists (select 1 from public.oauth_client c where c.actor_id = account)
        and not exists (
            select 1 from public.own_account o
            where o.account_id = account and o.young_person_id <> child
              and (o.valid_until is null or me.instant < o.valid_until));
end $$;

-- Whether somebody can be made a contact by the actor's board: a guardian whom that board knows, or
-- whom no other board does. Of another board's guardian and of nobody at all the same is said.
create function reach.may_be_contact(guardian uuid) returns boolean
language plpgsql stable security definer set search_path = pg_catalog, pg_temp as $$
declare me sec.claim := sec.claims();
begin
    return me.role = 'attendance_coordinator' and reach.works(me)
        and (exists (
                select 1 from public.pupil_contact c
                where c.guardian_id = guardian and c.controller_id = me.organisation)
            or (exists (select 1 from public.guardian g where g.id = guardian)
                and not exists (select 1 from public.pupil_contact c where c.guardian_id = guardian)
                and not exists (
                    select 1 from public.guardian_authority a
                    where a.guardian_id = guardian and a.controller_id <> me.organisation)
                and not exists (
                    select 1 from public.filiation f
                    where f.parent_id = guardian and f.controller_id <> me.organisation)
                and not exists (select 1 from public.staff s where s.id = guardian)));
end $$;

-- An emergency is told at once: to the organisation of who declared it, and to every board that
-- keeps a record of the young person. Nobody who declares one can leave that out.
create function reach.emergency_is_told() returns trigger
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
    insert into public.alert (id, controller_id, kind, actor_id, actor_organisation_id, role, purpose,
        young_person_id, about, at)
    select pg_catalog.gen_random_uuid(), told.controller_id, 'emergency', new.actor_id, new.controller_id,
        new.role, 'emergency', new.young_person_id, new.id, new.declared_at
    from (
        select new.controller_id
        union
        select p.controller_id from public.pupil p where p.young_person_id = new.young_person_id
    ) told (controller_id);
    return null;
end $$;
grant execute on function reach.emergency_is_told() to schakel_owner;

-- What takes claims as given is for the functions here alone; triggers are called by nobody.
do $$
declare f record;
begin
    for f in select p.oid::regprocedure as signature,
                    'sec.claim'::regtype = any (p.proargtypes::oid[])
                        or p.prorettype = 'trigger'::regtype as inner_one
             from pg_proc p join pg_namespace n on n.oid = p.pronamespace
             where n.nspname = 'reach' loop
        execute format('revoke all on function %s from public', f.signature);
        if not f.inner_one then
            execute format('grant execute on function %s to schakel_app, schakel_aggregate, '
                'schakel_import, schakel_jobs', f.signature);
        end if;
    end loop;
end $$;

set role schakel_owner;
