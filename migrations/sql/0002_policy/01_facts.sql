-- The facts behind the whole policy: what ties the rest of the chain, the family and an emergency
-- to a young person. What each tie means is said in ops/decisions/0008-what-each-tie-means.md.

grant create on schema sec, reach, vault to schakel_reach;

alter table organisation drop constraint organisation_kind_check;
alter table organisation add constraint organisation_kind_check check (kind in ('school_board',
    'attendance_office', 'support_alliance', 'youth_health_service', 'youth_care_provider',
    'certified_institution', 'transition_region', 'referral_partner', 'inspectorate', 'ministry',
    'absence_register', 'platform'));
alter table mandate drop constraint mandate_unit_level_check;
alter table mandate add constraint mandate_unit_level_check
    check (unit_level in ('board', 'municipality', 'alliance', 'region', 'national'));
alter table figure drop constraint figure_level_check;
alter table figure add constraint figure_level_check
    check (level in ('branch', 'board', 'municipality', 'alliance', 'region', 'national'));

-- A report is two classes: the head, by which an office divides its work, and the extract that the
-- head of school sent. Row-level security guards rows, so they are two tables.
create table report_extract (
    report_id uuid primary key,
    controller_id uuid not null,
    young_person_id uuid not null,
    birth_date date,
    extract jsonb not null,
    foreign key (report_id, controller_id) references report (id, controller_id),
    foreign key (report_id, young_person_id) references report (id, young_person_id)
);
alter table report add column age smallint check (age between 0 and 40);
-- A forced owner sees no row of its own: lifted for the move, and put back.
alter table report no force row level security;
insert into report_extract (report_id, controller_id, young_person_id, birth_date, extract)
    select id, controller_id, young_person_id, (extract->>'birthDate')::date, extract from report;
drop trigger report_is_frozen on report;
update report set age = extract(year from age(prepared_at::date, (report.extract->>'birthDate')::date));
alter table report drop column extract;
alter table report force row level security;
create trigger report_is_frozen before update of kind, rule_set, pupil_id, young_person_id, age,
    branch_id, controller_id, signal_id, municipality_code on report
    for each row execute function report_is_frozen();

-- A case knows which board's report it came from: what one school registers opens no other's file.
alter table case_file add column board_id uuid;
alter table case_file no force row level security;
alter table report no force row level security;
update case_file c set board_id = r.controller_id from report r where r.id = c.report_id;
alter table case_file force row level security;
alter table report force row level security;
alter table case_file alter column board_id set not null;
alter table case_file add foreign key (report_id, board_id) references report (id, controller_id);

alter table note drop constraint note_data_class_check;
alter table note add constraint note_data_class_check
    check (data_class in ('note.general', 'note.support', 'note.youth_care'));
-- A mentor writes in the name of the school's part: the note itself says who wrote it.
alter table note add column writer_role text;
alter table note add column writer_name text check (length(writer_name) between 1 and 200);
alter table note no force row level security;
alter table participation no force row level security;
update note n set writer_role = t.role, writer_name = coalesce(t.display_name, '?')
    from participation t where t.id = n.author_id;
alter table note force row level security;
alter table participation force row level security;
alter table note alter column writer_role set not null;
alter table note alter column writer_name set not null;

-- A line that tells of a referral, an emergency, a measure or something withheld is of a class that
-- no family reads (ops/decisions/0012). The row says so itself: whoever writes it cannot choose. The
-- index has the class before the time, so that what is not read costs a reader nothing either.
alter table access_line add column data_class text not null generated always as (case
    when data_classes && array['referral', 'emergency', 'court_measure']
        or role in ('referral_partner', 'child_protection_worker') or purpose = 'emergency'
        or act in ('file_withheld', 'whereabouts_protected', 'protection_ended')
    then 'log.own.shielded' else 'log.own' end) stored;
alter table access_line add unique (id, data_class);
drop index access_line_young_person_id_at_id_idx;
create index on access_line (young_person_id, data_class, at desc, id);

-- Which organisation looked tells where a child is: it is a class of its own, and a table. Of a line
-- that no family reads there is no such row.
create table access_line_organisation (
    line_id uuid primary key,
    young_person_id uuid not null references young_person,
    organisation_id uuid not null references organisation,
    line_class text not null generated always as ('log.own') stored,
    foreign key (line_id, line_class) references access_line (id, data_class)
);
create index on access_line_organisation (young_person_id);
alter table access_line no force row level security;
insert into access_line_organisation (line_id, young_person_id, organisation_id)
    select id, young_person_id, organisation_id from access_line
    where organisation_id is not null and data_class = 'log.own';
alter table access_line drop column organisation_id;
alter table access_line force row level security;

-- A young person handed to another organisation for one question; the file itself stands apart.
create table referral (
    id uuid primary key,
    controller_id uuid not null references organisation,
    young_person_id uuid not null references young_person,
    pupil_id uuid,
    report_id uuid,
    kind text not null check (kind in ('mazl', 'special_needs', 'statutory', 'halt',
        'child_protection_board', 'public_prosecutor', 'safe_at_home')),
    to_organisation_id uuid not null references organisation,
    to_role text not null,
    referred_by uuid not null,
    valid_from timestamptz not null,
    valid_until timestamptz check (valid_until > valid_from),
    foreign key (pupil_id, young_person_id) references pupil (id, young_person_id),
    foreign key (report_id, young_person_id) references report (id, young_person_id),
    check (num_nonnulls(pupil_id, report_id) = 1)
);
create index on referral (to_organisation_id, to_role);
create index on referral (young_person_id);
create table referral_file (
    referral_id uuid primary key references referral,
    controller_id uuid not null,
    given_name text not null,
    family_name text not null,
    birth_date date,
    question text not null check (length(question) between 1 and 4000),
    received_at timestamptz,
    outcome text check (outcome in ('help_started', 'measure_imposed', 'no_measure', 'not_taken_up'))
);

-- Consent is given within a case, for one class, by whom the right belongs to; withdrawn by an end.
create table consent (
    id uuid primary key,
    controller_id uuid not null,
    case_id uuid not null,
    young_person_id uuid not null,
    data_class text not null check (data_class in ('note.general', 'note.youth_care')),
    from_organisation_id uuid not null references organisation,
    to_organisation_id uuid references organisation,
    given_by uuid not null,
    valid_from timestamptz not null,
    valid_until timestamptz check (valid_until > valid_from),
    foreign key (case_id, young_person_id) references case_file (id, young_person_id),
    foreign key (case_id, controller_id) references case_file (id, controller_id),
    check ((data_class = 'note.general') = (to_organisation_id is null))
);
create index on consent (case_id);

create table court_measure (
    id uuid primary key,
    controller_id uuid not null references organisation,
    young_person_id uuid not null references young_person,
    kind text not null check (kind in ('supervision', 'guardianship')),
    valid_from timestamptz not null,
    valid_until timestamptz not null check (valid_until > valid_from)
);
create index on court_measure (controller_id, young_person_id);

-- Thirty minutes, never renewed; while one is not reviewed the same person declares no other.
create table emergency_access (
    id uuid primary key,
    controller_id uuid not null references organisation,
    actor_id uuid not null,
    role text not null,
    young_person_id uuid not null references young_person,
    reason text not null check (length(reason) between 20 and 1000),
    declared_at timestamptz not null,
    ends_at timestamptz not null check (ends_at = declared_at + interval '30 minutes'),
    reviewed_at timestamptz,
    reviewed_by uuid check (reviewed_by <> actor_id),
    finding text check (finding in ('justified', 'not_justified')),
    check (num_nonnulls(reviewed_at, reviewed_by, finding) in (0, 3))
);
create unique index one_open_review on emergency_access (actor_id) where reviewed_at is null;
create index on emergency_access (controller_id, declared_at desc, id);

create table filiation (
    id uuid primary key,
    controller_id uuid not null references organisation,
    parent_id uuid not null references guardian,
    young_person_id uuid not null references young_person,
    limited_by_court boolean not null,
    valid_from timestamptz not null,
    valid_until timestamptz check (valid_until > valid_from)
);
create index on filiation (parent_id);

create table whereabouts_protection (
    id uuid primary key,
    controller_id uuid not null references organisation,
    young_person_id uuid not null references young_person,
    valid_from timestamptz not null,
    valid_until timestamptz check (valid_until > valid_from)
);
create index on whereabouts_protection (young_person_id);

-- A dated legal reason to withhold a case's work from the parents, or from one of them.
create table withholding (
    id uuid primary key,
    controller_id uuid not null,
    case_id uuid not null,
    guardian_id uuid references guardian,
    ground text not null check (length(ground) between 1 and 1000),
    valid_from timestamptz not null,
    valid_until timestamptz not null check (valid_until > valid_from),
    foreign key (case_id, controller_id) references case_file (id, controller_id)
);
create index on withholding (case_id);

create table own_account (
    id uuid primary key,
    controller_id uuid not null references organisation,
    account_id uuid not null,
    young_person_id uuid not null references young_person,
    valid_from timestamptz not null,
    valid_until timestamptz check (valid_until > valid_from)
);
create index on own_account (account_id);
create unique index one_open_account on own_account (controller_id, young_person_id)
    where valid_until is null;

-- What somebody answerable is told at once: an emergency declared, a reading budget spent.
create table alert (
    id uuid primary key,
    controller_id uuid not null references organisation,
    kind text not null check (kind in ('emergency', 'reading_budget')),
    actor_id uuid not null,
    actor_organisation_id uuid not null,
    role text not null,
    purpose text not null,
    young_person_id uuid,
    amount integer,
    about uuid,
    day date check ((kind = 'reading_budget') = (day is not null)),
    at timestamptz not null
);
create index on alert (controller_id, at desc, id);
create unique index budget_is_told_once on alert (actor_id, controller_id, purpose, day)
    where kind = 'reading_budget';

-- Whom an actor saw today for a purpose: what a reading budget counts. Rows are only added; two
-- reads at once may both add one, so there is no unique key and persons are counted distinct.
create table sighting (
    actor_id uuid not null,
    purpose text not null,
    day date not null,
    young_person_id uuid not null
);
create index on sighting (actor_id, purpose, day, young_person_id);

do $$
declare t text;
begin
    foreach t in array array['report_extract', 'access_line_organisation', 'referral', 'referral_file',
        'consent', 'court_measure', 'emergency_access', 'filiation', 'whereabouts_protection', 'withholding',
        'own_account', 'alert', 'sighting'] loop
        execute format('alter table %I enable row level security', t);
        execute format('alter table %I force row level security', t);
    end loop;
    foreach t in array array['report_extract', 'referral', 'consent', 'court_measure', 'emergency_access',
        'filiation', 'whereabouts_protection', 'withholding', 'own_account', 'note', 'guardian'] loop
        execute format('create policy reach_reads on %I for select to schakel_reach using (true)', t);
        execute format('grant select on %I to schakel_reach', t);
    end loop;
end $$;
grant select on directory_municipality to schakel_reach;
grant select (actor_id, organisation_id, role, purpose) on oauth_client to schakel_aggregate, schakel_reach;
create policy client_reads_itself on oauth_client for select to schakel_aggregate
    using (actor_id = (select sec.actor()));

grant select, insert on report_extract, referral, referral_file, consent, emergency_access, filiation,
    own_account, court_measure, sighting to schakel_app;
-- Who is limited by these facts sees that they hold, for the first layer has to; not which board
-- protects a child, nor why a file is withheld.
grant insert on whereabouts_protection, withholding to schakel_app;
grant select (id, young_person_id, valid_from, valid_until) on whereabouts_protection to schakel_app;
grant select (id, case_id, guardian_id, valid_from, valid_until) on withholding to schakel_app;
grant select on alert, access_line_organisation to schakel_app;
grant update (valid_until) on referral, consent, filiation, whereabouts_protection, own_account,
    guardian_authority, court_measure to schakel_app;
grant update (received_at, outcome) on referral_file to schakel_app;
grant update (reviewed_at, reviewed_by, finding) on emergency_access to schakel_app;
grant insert on access_line_organisation to schakel_jobs;
grant select on trace to schakel_app;
grant insert on alert to schakel_app;
