//! What stories look up behind the API's back.

vitrine_db::statements! {
    GET_MAIL = "
        select status, sealed_letter
        from mails
        where id = $1";
}
