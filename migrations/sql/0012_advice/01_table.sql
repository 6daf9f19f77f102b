-- Advice of an attendance office to a school on its absence policy, what the school answered and what
-- followed. It is about a school and no person; it is the office's own record.

grant create on schema sec, reach, vault to schakel_reach;

create table advice (
    id uuid primary key,
    controller_id uuid not null references organisation,
    branch_id uuid not null references school_branch,
    measure text not null check (measure ~ '^[a-z][a-z0-9_]{0,59}$'),
    first_day date not null,
    last_day date not null check (last_day >= first_day),
    seen text not null check (length(seen) between 1 and 1000),
    advised text not null check (length(advised) between 1 and 4000),
    state text not null check (state in ('recorded', 'answered', 'followed_up', 'closed')),
    recorded_by uuid not null,
    recorded_at timestamptz not null,
    answer text check (length(answer) between 1 and 4000),
    will_do text check (length(will_do) between 1 and 4000),
    done_by text check (length(done_by) between 1 and 200),
    do_by date,
    answered_by uuid,
    answered_at timestamptz,
    follow_up text check (length(follow_up) between 1 and 4000),
    followed_up_by uuid,
    followed_up_at timestamptz,
    outcome text check (outcome in ('improved', 'unchanged', 'worsened', 'unanswered', 'mistaken')),
    closed_by uuid,
    closed_at timestamptz,
    check (num_nonnulls(answer, answered_by, answered_at) in (0, 3)),
    check (num_nonnulls(will_do, done_by, do_by) in (0, 3)),
    check (will_do is null or answer is not null),
    check (num_nonnulls(follow_up, followed_up_by, followed_up_at) in (0, 3)),
    check (num_nonnulls(outcome, closed_by, closed_at) = case state when 'closed' then 3 else 0 end),
    check (outcome <> 'unanswered' or answer is null),
    check (follow_up is null or answer is not null),
    check (case state
        when 'recorded' then answer is null
        when 'answered' then answer is not null and follow_up is null
        when 'followed_up' then follow_up is not null
        else true end)
);
create index on advice (controller_id, recorded_at desc, id);
create index on advice (branch_id, recorded_at desc, id);

alter table advice enable row level security;
alter table advice force row level security;

-- What came before stays as it was, which a policy cannot say: it does not see what was.
create function advice_moves() returns trigger
language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
    if (old.state, new.state) not in (('recorded', 'answered'), ('recorded', 'closed'),
            ('answered', 'followed_up'), ('answered', 'closed'), ('followed_up', 'closed'))
        or (new.state <> 'answered' and (new.answer, new.will_do, new.done_by, new.do_by, new.answered_by,
                new.answered_at) is distinct from (old.answer, old.will_do, old.done_by, old.do_by,
                old.answered_by, old.answered_at))
        or (new.state <> 'followed_up' and (new.follow_up, new.followed_up_by, new.followed_up_at)
            is distinct from (old.follow_up, old.followed_up_by, old.followed_up_at)) then
        raise exception 'an advice goes on from where it is' using errcode = '23514';
    end if;
    return new;
end $$;
create trigger advice_moves before update on advice
    for each row execute function advice_moves();
