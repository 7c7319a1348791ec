-- Accounts of another sign-in service (OpenID Connect), and sign-ins there that are under way.

create table account_identities (
    issuer text not null,
    -- who it is to the issuer; never reused there, unlike an address
    subject text not null,
    account_id uuid not null references accounts (id) on delete cascade,
    -- what bearer tokens of the issuer act as; no reference, because sessions are cleared away when they have ended
    session_id uuid,
    -- tokens issued before it stay ended, because a session of theirs was revoked
    tokens_after timestamptz,
    created_at timestamptz not null,
    primary key (issuer, subject)
);
create index account_identities_account_idx on account_identities (account_id);

create table oidc_logins (
    state_hash bytea not null primary key,
    -- of the cookie of the browser that began, so that nobody else's answer is taken
    browser_hash bytea not null,
    nonce text not null,
    -- proves to the issuer that whoever redeems the code also asked for it (PKCE)
    verifier text not null,
    -- page of the app to return to
    next text not null,
    expires_at timestamptz not null
);
create index oidc_logins_expires_idx on oidc_logins (expires_at);
