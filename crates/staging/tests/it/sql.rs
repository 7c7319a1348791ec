//! What stories arrange behind the API's back.

vitrine_db::statements! {
    FORGET_ANSWER = "
        update idempotency_records
        set status = null, headers = null, body = null, claimed_until = $2
        where account_id = $1";

    FORGET_PROJECT = "
        delete from projects
        where name = $1";
}
