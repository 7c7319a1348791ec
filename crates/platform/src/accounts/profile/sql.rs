//! What is stored of profiles and preferences.

/// What [`super::Profile::from_row`] reads.
macro_rules! profile {
    () => {
        "id, email, email_verified_at is not null as is_verified, full_name, locale, timezone, created_at, updated_at"
    };
}

vitrine_db::statements! {
    GET_PROFILE = of concat!("select ", profile!(), "
        from accounts
        where id = $1");

    /// The same, and nobody else changes it before the commit.
    LOCK_PROFILE = of concat!("
        update accounts
        set updated_at = updated_at
        where id = $1
        returning ", profile!());

    SET_PROFILE = "
        update accounts
        set full_name = $2, locale = $3, timezone = $4, updated_at = $5
        where id = $1";

    GET_PREFERENCES = "
        select theme, language, units, default_style, default_room, reduced_motion
        from account_preferences
        where account_id = $1";

    PUT_PREFERENCES = "
        insert into account_preferences
            (account_id, theme, language, units, default_style, default_room, reduced_motion, updated_at)
        values ($1, $2, $3, $4, $5, $6, $7, $8)
        on conflict (account_id) do update
        set theme = excluded.theme, language = excluded.language, units = excluded.units,
            default_style = excluded.default_style, default_room = excluded.default_room,
            reduced_motion = excluded.reduced_motion, updated_at = excluded.updated_at";
}
