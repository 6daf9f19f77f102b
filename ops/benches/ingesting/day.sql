-- Every board of a filled database gets a system that delivers for its branches.
--
-- Variables: branches.

insert into oauth_client
select bench.key('client', b), bench.key('client', b), bench.key('board', b), 'school_system',
    'data_delivery', '{}'
from generate_series(0, (:branches - 1) / 5) b;
insert into delivery_agreement
select gen_random_uuid(), bench.key('client', b / 5), bench.key('branch', b), 'B' || b,
    now() - interval '300 days', null
from generate_series(0, :branches - 1) b;
vacuum analyze oauth_client, delivery_agreement;
