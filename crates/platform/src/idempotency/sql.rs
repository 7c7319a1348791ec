//! What is stored of requests with a key.

vitrine_db::statements! {
    /// Of any number of parallel requests one makes the row, or takes over a claim that has ended.
    CLAIM = "
        insert into idempotency_records
            (account_id, workspace_id, method, path, idempotency_key, fingerprint, claim_id, claimed_until, created_at,
             status, headers, body)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, null, null, null)
        on conflict (account_id, workspace_id, method, path, idempotency_key) do update
        set fingerprint = excluded.fingerprint, claim_id = excluded.claim_id, claimed_until = excluded.claimed_until,
            created_at = excluded.created_at, status = null, headers = null, body = null
        where (idempotency_records.status is null and idempotency_records.claimed_until <= $9
               and idempotency_records.fingerprint = excluded.fingerprint)
            or idempotency_records.created_at <= $10";

    GET_RECORD = "
        select fingerprint, claimed_until, status, headers, body
        from idempotency_records
        where account_id = $1 and workspace_id = $2 and method = $3 and path = $4 and idempotency_key = $5";

    /// Only whoever holds the claim may finish it.
    FINISH = "
        update idempotency_records
        set status = $2, headers = $3, body = $4
        where claim_id = $1 and status is null";

    GIVE_BACK = "
        delete from idempotency_records
        where claim_id = $1 and status is null";

    END_CLAIMS = "
        update idempotency_records
        set claimed_until = $1
        where status is null and claimed_until > $1";

    PURGE_RECORDS = "
        delete from idempotency_records
        where created_at < $1";
}
