//! What is stored of votes. Whether what is voted on may be read is asked before.

vitrine_db::statements! {
    GET_VOTE = "
        select value
        from community_votes
        where subject_id = $1 and account_id = $2";

    PUT_VOTE = "
        insert into community_votes (subject_id, account_id, value, created_at)
        values ($1, $2, $3, $4)
        on conflict (subject_id, account_id) do update set value = excluded.value, created_at = excluded.created_at";

    DELETE_VOTE = "
        delete from community_votes
        where subject_id = $1 and account_id = $2";

    ADD_TO_POST = "
        update community_posts
        set score = score + $2
        where id = $1
        returning score";

    ADD_TO_COMMENT = "
        update community_comments
        set score = score + $2
        where id = $1
        returning score";
}
