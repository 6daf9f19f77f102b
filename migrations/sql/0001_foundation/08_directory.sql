-- The national directory: public facts about organisations and places, without any tie to persons.

create table directory_region (
    id uuid primary key,
    code text not null unique,
    name text not null
);
create table directory_municipality (
    id uuid primary key,
    code text not null unique,
    name text not null,
    search_name text not null,
    province text not null,
    region_code text not null references directory_region (code)
);
create index on directory_municipality (search_name, id);
create table directory_alliance (
    id uuid primary key,
    code text not null unique,
    sector text not null
);
create table directory_postcode (
    id uuid primary key,
    pc4 text not null unique,
    municipality_code text not null references directory_municipality (code),
    alliance_po text references directory_alliance (code),
    alliance_vo text references directory_alliance (code)
);
create table directory_branch (
    id uuid primary key,
    branch_code text not null unique,
    brin text not null,
    name text not null,
    search_name text not null,
    sector text not null,
    school_type text not null,
    place text not null,
    postcode text,
    municipality_code text not null references directory_municipality (code),
    board_number text,
    board_name text,
    fictional boolean not null default false
);
create index on directory_branch (search_name, id);
create index on directory_branch (municipality_code, id);

grant select on directory_region, directory_municipality, directory_alliance, directory_postcode, directory_branch
    to schakel_app, schakel_aggregate, schakel_import, schakel_jobs;
grant insert on directory_region, directory_municipality, directory_alliance, directory_postcode, directory_branch
    to schakel_jobs;
