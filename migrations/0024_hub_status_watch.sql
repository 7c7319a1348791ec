-- Who gets the status page's letters, which letters they got, and what Vitrine sees of itself.

create table status_subscribers (
    id uuid not null primary key,
    email text not null,
    -- lower case, for uniqueness
    email_key text not null,
    -- hash of the token in the newest letter that asks for a confirmation; gone once it was used
    confirm_hash bytea,
    confirm_expires_at timestamptz,
    -- the request that letter answers, so that its job may run twice
    confirm_request_id uuid,
    confirmed_at timestamptz,
    created_at timestamptz not null
);
create unique index status_subscribers_email_key on status_subscribers (email_key);
create unique index status_subscribers_confirm_key on status_subscribers (confirm_hash);

-- One row for every letter about something that happened, so that nobody gets it twice.
create table status_letters (
    happening_id uuid not null,
    subscriber_id uuid not null,
    created_at timestamptz not null,
    primary key (happening_id, subscriber_id)
);
create index status_letters_created_idx on status_letters (created_at);

-- What Vitrine sees of itself: api, worker, storage.
create table status_probes (
    component text not null primary key,
    -- when it was last known to work
    last_seen_at timestamptz,
    -- looks in a row that went wrong, or well
    failures bigint not null,
    successes bigint not null,
    -- what was told last
    is_down boolean not null
);
