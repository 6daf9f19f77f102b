-- The attendance office's own records: exemptions and non-enrolment. That there is an exemption of
-- art. 5(a) or (b) tells health or a belief, so each row names its class.

grant create on schema sec, reach, vault to schakel_reach;

-- `young_person_id` is that of a board's report (then `board_id` names the board), or the record's own
-- id: who it is was written down by the office and is nobody's elsewhere, so it refers to no table.
create table exemption (
    id uuid primary key,
    controller_id uuid not null references organisation,
    municipality_code text not null,
    young_person_id uuid not null,
    board_id uuid,
    given_name text not null check (length(given_name) between 1 and 200),
    family_name text not null check (length(family_name) between 1 and 200),
    birth_date date,
    data_class text not null,
    kind text not null check (kind in ('art_5_a_health', 'art_5_b_belief', 'art_5_c_school_abroad',
        'art_5a_itinerant', 'art_15_other_education', 'art_3a_substitute', 'art_3b_substitute')),
    first_day date not null,
    last_day date check (last_day >= first_day),
    statement_on date,
    rule_set text not null,
    state text not null check (state in ('registered', 'ended')),
    registered_by uuid not null,
    registered_at timestamptz not null,
    end_reason text check (end_reason in ('enrolled', 'ground_gone', 'moved_away', 'mistaken')),
    ended_by uuid,
    ended_at timestamptz,
    retained_until date,
    check (data_class = case kind when 'art_5_a_health' then 'exemption.health'
        when 'art_5_b_belief' then 'exemption.belief' else 'exemption' end),
    check (last_day is not null or kind = 'art_5_a_health'),
    check ((statement_on is not null) = (kind = 'art_5_a_health')),
    check (num_nonnulls(end_reason, ended_by, ended_at) = case state when 'ended' then 3 else 0 end),
    check (retained_until is not null or (last_day is null and state = 'registered'))
);
create index on exemption (controller_id, registered_at desc, id);
create index on exemption (young_person_id);

create table non_enrolment (
    id uuid primary key,
    controller_id uuid not null references organisation,
    municipality_code text not null,
    young_person_id uuid not null,
    board_id uuid,
    given_name text not null check (length(given_name) between 1 and 200),
    family_name text not null check (length(family_name) between 1 and 200),
    birth_date date,
    since date not null,
    state text not null check (state in ('open', 'closed')),
    opened_by uuid not null,
    opened_at timestamptz not null,
    outcome text check (outcome in ('enrolled', 'exempt', 'moved_away', 'not_bound', 'mistaken')),
    closed_by uuid,
    closed_at timestamptz,
    retained_until date,
    check (num_nonnulls(outcome, closed_by, closed_at, retained_until) =
        case state when 'closed' then 4 else 0 end)
);
create index on non_enrolment (controller_id, opened_at desc, id);
create index on non_enrolment (young_person_id);

do $$
declare t text;
begin
    foreach t in array array['exemption', 'non_enrolment'] loop
        execute format('alter table %I enable row level security', t);
        execute format('alter table %I force row level security', t);
    end loop;
end $$;

-- A record is ended or closed once, which a policy cannot say: it does not see what was. By whom and
-- when is checked there.
create function exemption_ends() returns trigger
language plpgsql set search_path = pg_catalog, pg_temp as $$
declare me sec.claim := sec.claims();
begin
    if (old.state, new.state) is distinct from ('registered', 'ended')
        or new.retained_until is distinct from
            (least(me.today, coalesce(old.last_day, me.today)) + interval '1 year')::date then
        raise exception 'an exemption is ended once' using errcode = '23514';
    end if;
    return new;
end $$;
create trigger exemption_ends before update on exemption
    for each row execute function exemption_ends();

create function non_enrolment_closes() returns trigger
language plpgsql set search_path = pg_catalog, pg_temp as $$
declare me sec.claim := sec.claims();
begin
    if (old.state, new.state) is distinct from ('open', 'closed')
        or new.retained_until is null or new.retained_until < me.today then
        raise exception 'a record of non-enrolment is closed once' using errcode = '23514';
    end if;
    return new;
end $$;
create trigger non_enrolment_closes before update on non_enrolment
    for each row execute function non_enrolment_closes();
