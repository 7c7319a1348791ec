//! What is stored of mail: letters that wait or went out, and addresses that were refused.

vitrine_db::statements! {
    INSERT_MAIL = "
        insert into mails (id, account_id, to_address, to_key, kind, sealed_letter, status, error, created_at, ended_at,
            is_essential)
        values ($1, $2, $3, $4, $5, $6, 'queued', null, $7, null, $8)";

    GET_QUEUED_MAIL = "
        select to_address, to_key, kind, sealed_letter, created_at, coalesce(is_essential, false) as is_essential
        from mails
        where id = $1 and status = 'queued'";

    LIST_SEALED_LETTERS = "
        select id, sealed_letter as sealed
        from mails
        where id > $1 and sealed_letter is not null
        order by id
        limit $2";

    REPLACE_SEALED_LETTER = "
        update mails
        set sealed_letter = $3
        where id = $1 and sealed_letter = $2";

    /// The content is forgotten with it.
    END_MAIL = "
        update mails
        set status = $2, error = $3, ended_at = $4, sealed_letter = null
        where id = $1 and status = 'queued'";

    COUNT_MAILS_SINCE = "
        select count(*) as count
        from mails
        where to_key = $1 and kind = $2 and created_at > $3";

    /// Letters from before there was any proof that the address is alive.
    HAS_BOUNCED = "
        select exists (select 1 from mail_bounces where address_key = $1) as is_so";

    RECORD_BOUNCE = "
        insert into mail_bounces (address_key, reason, bounced_at)
        values ($1, $2, $3)
        on conflict (address_key) do update set reason = excluded.reason, bounced_at = excluded.bounced_at";

    FORGET_BOUNCE = "
        delete from mail_bounces
        where address_key = $1";

    PURGE_MAILS = "
        delete from mails
        where status <> 'queued' and created_at < $1";
}
