-- The roles of the platform. Run as a superuser, or as a role with CREATEROLE, on any database of
-- the server; running it again changes nothing:
--
--     psql "SUPERUSER-URL" -v ON_ERROR_STOP=1 -f migrations/roles.sql
--
-- Then give every login role a password of its own (\password schakel_app, and so on), make the
-- database (CREATE DATABASE schakel OWNER schakel_owner) and run migrations/database.sql in it.
--
-- None of them is a superuser, passes by row-level security, or makes databases and roles.

DO $$
DECLARE
    name text;
BEGIN
    -- schakel_owner owns the schema; schakel_reach owns the security-definer functions.
    FOREACH name IN ARRAY ARRAY['schakel_owner', 'schakel_reach'] LOOP
        IF NOT EXISTS (SELECT FROM pg_catalog.pg_roles WHERE rolname = name) THEN
            EXECUTE format('CREATE ROLE %I', name);
        END IF;
        EXECUTE format('ALTER ROLE %I NOLOGIN NOINHERIT', name);
    END LOOP;
    FOREACH name IN ARRAY ARRAY[
        'schakel_migrate', 'schakel_app', 'schakel_aggregate', 'schakel_import', 'schakel_jobs',
        'schakel_audit'
    ] LOOP
        IF NOT EXISTS (SELECT FROM pg_catalog.pg_roles WHERE rolname = name) THEN
            EXECUTE format('CREATE ROLE %I', name);
        END IF;
        EXECUTE format('ALTER ROLE %I LOGIN NOINHERIT', name);
    END LOOP;
    FOR name IN
        SELECT rolname FROM pg_catalog.pg_roles
        WHERE rolname IN (
            'schakel_owner', 'schakel_reach', 'schakel_migrate', 'schakel_app',
            'schakel_aggregate', 'schakel_import', 'schakel_jobs', 'schakel_audit'
        ) AND (rolsuper OR rolbypassrls OR rolcreatedb OR rolcreaterole OR rolreplication)
    LOOP
        RAISE EXCEPTION 'role % has more rights than the platform allows: take away SUPERUSER, BYPASSRLS, CREATEDB, CREATEROLE and REPLICATION', name;
    END LOOP;
END
$$;

-- Migrations act as the owner by SET ROLE, and hand functions to schakel_reach.
GRANT schakel_owner TO schakel_migrate WITH INHERIT FALSE, SET TRUE, ADMIN FALSE;
GRANT schakel_reach TO schakel_owner WITH INHERIT FALSE, SET TRUE, ADMIN FALSE;
