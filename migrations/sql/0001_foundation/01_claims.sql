-- Who asks, for whom, why and when: the claims that one statement or transaction carries.
--
-- They arrive as a local setting and are believed only with a keyed digest (HMAC-SHA-256) over
-- their text, made for this backend and not expired. Injected SQL can change the setting, but it
-- can not make the digest: the key lies in a table that only the function's owner reads.

create schema sec;
create schema reach;
create schema vault;
grant usage on schema sec, reach to schakel_app, schakel_aggregate, schakel_import, schakel_jobs, schakel_audit, schakel_reach;
grant usage on schema vault to schakel_import, schakel_reach;
grant create on schema sec, reach, vault to schakel_reach;

create table sec.claims_key (
    singleton boolean primary key default true check (singleton),
    inner_pad bytea not null check (length(inner_pad) = 64),
    outer_pad bytea not null check (length(outer_pad) = 64)
);
grant select on sec.claims_key to schakel_reach;

create type sec.claim as (
    actor uuid,
    organisation uuid,
    role text,
    purpose text,
    instant timestamptz,
    today date
);

create function sec.claims() returns sec.claim
language plpgsql stable security definer set search_path = pg_catalog, pg_temp as $$
declare
    raw text := nullif(pg_catalog.current_setting('schakel.claims', true), '');
    body text;
    claim pg_catalog.jsonb;
    digest bytea;
    result sec.claim;
begin
    if raw is null then
        return null;
    end if;
    body := pg_catalog.substr(raw, 66);
    select pg_catalog.sha256(k.outer_pad || pg_catalog.sha256(k.inner_pad || pg_catalog.convert_to(body, 'UTF8')))
      into digest from sec.claims_key k;
    if digest is null or pg_catalog.encode(digest, 'hex') <> pg_catalog.left(raw, 64) then
        raise exception 'claims refused' using errcode = '42501';
    end if;
    claim := body::pg_catalog.jsonb;
    if ((claim->>'backend')::int = pg_catalog.pg_backend_pid()
        and pg_catalog.to_timestamp((claim->>'expires')::double precision) >= pg_catalog.clock_timestamp()) is not true then
        raise exception 'claims refused' using errcode = '42501';
    end if;
    result.actor := (claim->>'actor')::uuid;
    result.organisation := (claim->>'organisation')::uuid;
    result.role := claim->>'role';
    result.purpose := claim->>'purpose';
    result.instant := (claim->>'instant')::timestamptz;
    result.today := (claim->>'today')::date;
    return result;
end $$;

-- A claim of the actor as a plain value, for policies.
create function sec.actor() returns uuid
language sql stable set search_path = pg_catalog, pg_temp as $$ select (sec.claims()).actor $$;
create function sec.organisation() returns uuid
language sql stable set search_path = pg_catalog, pg_temp as $$ select (sec.claims()).organisation $$;

revoke all on all functions in schema sec from public;
grant execute on all functions in schema sec
    to schakel_app, schakel_aggregate, schakel_import, schakel_jobs, schakel_audit;
alter function sec.claims() owner to schakel_reach;
alter function sec.actor() owner to schakel_reach;
alter function sec.organisation() owner to schakel_reach;
