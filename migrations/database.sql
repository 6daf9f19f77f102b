-- Who may connect to the database that this runs in. Run as a superuser or as its owner, after
-- roles.sql; running it again changes nothing. A clone of a database has to be given this anew.

DO $$
BEGIN
    EXECUTE format('REVOKE ALL ON DATABASE %I FROM PUBLIC', current_database());
    EXECUTE format(
        'GRANT CONNECT ON DATABASE %I TO schakel_migrate, schakel_app, schakel_aggregate, '
        'schakel_import, schakel_jobs, schakel_audit', current_database());
END
$$;
REVOKE ALL ON SCHEMA public FROM PUBLIC;
GRANT USAGE ON SCHEMA public TO schakel_app, schakel_aggregate, schakel_import, schakel_jobs,
    schakel_audit, schakel_reach;
