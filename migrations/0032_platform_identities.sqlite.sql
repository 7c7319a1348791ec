-- A number for each identity, by which it is listed and unlinked. Differs from PostgreSQL: chance is made by another
-- function.
alter table account_identities add column id uuid;
update account_identities set id = randomblob(16);
create unique index account_identities_id_key on account_identities (id);
-- when its owner took it away; it stays here, so that its bearer tokens do not link themselves again
alter table account_identities add column unlinked_at timestamptz;
