-- What guardians notify the head of, and the leave they request. That there is a notice tells an
-- illness or a belief, so each row names its class; an explanation is free text and stands apart.

grant create on schema sec, reach, vault to schakel_reach;

create table absence_notice (
    id uuid primary key,
    controller_id uuid not null references organisation,
    pupil_id uuid not null,
    young_person_id uuid not null,
    data_class text not null check (data_class in ('notice.illness', 'notice.belief')),
    first_day date not null,
    last_day date check (last_day >= first_day),
    state text not null check (state in ('notified', 'ended', 'withdrawn')),
    in_time boolean not null,
    rule_set text not null,
    notified_by uuid not null,
    notified_at timestamptz not null,
    settled_at timestamptz,
    foreign key (pupil_id, controller_id) references pupil (id, controller_id),
    foreign key (pupil_id, young_person_id) references pupil (id, young_person_id),
    check (data_class = 'notice.illness' or last_day is not null),
    check (state <> 'ended' or (data_class = 'notice.illness' and last_day is not null)),
    check ((state = 'notified') = (settled_at is null))
);
create index on absence_notice (pupil_id, first_day);
create index on absence_notice (notified_by);

create table leave_request (
    id uuid primary key,
    controller_id uuid not null references organisation,
    pupil_id uuid not null,
    young_person_id uuid not null,
    given_name text not null,
    family_name text not null,
    birth_date date,
    ground text not null check (ground in ('holiday', 'weighty')),
    first_day date not null,
    last_day date not null check (last_day >= first_day),
    school_year smallint not null,
    school_days smallint not null check (school_days > 0),
    calendar_known boolean not null,
    obstacles text[] not null,
    decider text not null check (decider in ('head', 'officer')),
    municipality_code text,
    rule_set text not null,
    state text not null check (state in ('submitted', 'heard', 'granted', 'refused', 'withdrawn')),
    submitted_by uuid not null,
    submitted_at timestamptz not null,
    decide_by date not null,
    head_view text check (head_view in ('supports', 'opposes', 'no_view')),
    heard_by uuid,
    heard_at timestamptz,
    decided_by uuid,
    decided_at timestamptz,
    retained_until date not null,
    unique (id, pupil_id, young_person_id, controller_id),
    foreign key (pupil_id, controller_id) references pupil (id, controller_id),
    foreign key (pupil_id, young_person_id) references pupil (id, young_person_id),
    check (decider = 'head' or municipality_code is not null),
    check (num_nonnulls(head_view, heard_by, heard_at) in (0, 3)),
    check (num_nonnulls(decided_by, decided_at) = case when state in ('granted', 'refused') then 2 else 0 end),
    check (state <> 'heard' or heard_at is not null)
);
create index on leave_request (pupil_id, submitted_at);
create index on leave_request (municipality_code) where decider = 'officer';
create index on leave_request (submitted_by);

create table leave_explanation (
    leave_id uuid primary key,
    controller_id uuid not null,
    pupil_id uuid not null,
    young_person_id uuid not null,
    explanation text not null check (length(explanation) between 1 and 2000),
    foreign key (leave_id, pupil_id, young_person_id, controller_id)
        references leave_request (id, pupil_id, young_person_id, controller_id)
);
create index on leave_explanation (pupil_id);

do $$
declare t text;
begin
    foreach t in array array['absence_notice', 'leave_request', 'leave_explanation'] loop
        execute format('alter table %I enable row level security', t);
        execute format('alter table %I force row level security', t);
    end loop;
end $$;

-- A notice is settled once; whoever settles it changes nothing else. An illness that has ended got
-- its last day then; a notice that is withdrawn keeps the days that were notified.
create function notice_moves() returns trigger
language plpgsql set search_path = pg_catalog, pg_temp as $$
declare me sec.claim := sec.claims();
begin
    if old.state <> 'notified' or new.state not in ('ended', 'withdrawn')
        or new.settled_at is distinct from me.instant
        or (new.state = 'withdrawn' and new.last_day is distinct from old.last_day) then
        raise exception 'a notice is settled once' using errcode = '23514';
    end if;
    return new;
end $$;
create trigger notice_moves before update on absence_notice
    for each row execute function notice_moves();

-- A request goes from state to state by who decides on it; each step writes what belongs to it and
-- nothing else. The officer decides after the head was heard. Permissive policies are joined by
-- OR, so no policy can say this.
create function leave_moves() returns trigger
language plpgsql set search_path = pg_catalog, pg_temp as $$
declare
    me sec.claim := sec.claims();
    hearing boolean := (new.head_view, new.heard_by, new.heard_at)
        is distinct from (old.head_view, old.heard_by, old.heard_at);
    deciding boolean := (new.decided_by, new.decided_at) is distinct from (old.decided_by, old.decided_at);
begin
    if (old.decider, old.state, new.state, hearing, deciding) not in (
            ('head', 'submitted', 'granted', false, true),
            ('head', 'submitted', 'refused', false, true),
            ('officer', 'submitted', 'heard', true, false),
            ('officer', 'heard', 'granted', false, true),
            ('officer', 'heard', 'refused', false, true),
            ('head', 'submitted', 'withdrawn', false, false),
            ('officer', 'submitted', 'withdrawn', false, false),
            ('officer', 'heard', 'withdrawn', false, false))
        or (hearing and (new.heard_by, new.heard_at) is distinct from (me.actor, me.instant))
        or (deciding and (new.decided_by, new.decided_at) is distinct from (me.actor, me.instant))
        -- What was judged without a calendar the head judges by the school's own.
        or (new.state = 'granted' and old.decider = 'head' and old.calendar_known
            and cardinality(old.obstacles) > 0) then
        raise exception 'a request for leave moves one step at a time' using errcode = '23514';
    end if;
    return new;
end $$;
create trigger leave_moves before update on leave_request
    for each row execute function leave_moves();
