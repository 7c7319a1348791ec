//! What is stored of subscribers.

vitrine_db::statements! {
    INSERT_SUBSCRIBER = "
        insert into status_subscribers (id, email, email_key, created_at)
        values ($1, $2, $3, $4)
        on conflict (email_key) do nothing";

    GET_SUBSCRIBER_BY_KEY = "
        select id, email, confirmed_at, confirm_request_id
        from status_subscribers
        where email_key = $1";

    SET_CONFIRMATION = "
        update status_subscribers
        set confirm_hash = $2, confirm_expires_at = $3, confirm_request_id = $4
        where id = $1";

    /// Of any number of parallel uses one takes it.
    CONFIRM_SUBSCRIBER = "
        update status_subscribers
        set confirmed_at = $2, confirm_hash = null, confirm_expires_at = null
        where confirm_hash = $1 and confirm_expires_at > $2
        returning id, email_key";

    DELETE_SUBSCRIBER = "
        delete from status_subscribers
        where id = $1";

    /// `$1` is the last one seen; those who came after the happening hear of the next one.
    LIST_SUBSCRIBERS = "
        select id, email
        from status_subscribers
        where id > $1 and confirmed_at <= $2
        order by id
        limit 100";

    /// Takes a row once.
    MARK_LETTER = "
        insert into status_letters (happening_id, subscriber_id, created_at)
        values ($1, $2, $3)
        on conflict do nothing";

    PURGE_LETTERS = "
        delete from status_letters
        where created_at < $1";

    PURGE_UNCONFIRMED = "
        delete from status_subscribers
        where confirmed_at is null and created_at < $1 and (confirm_expires_at is null or confirm_expires_at < $2)";
}
