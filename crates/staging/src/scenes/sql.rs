//! Statements of versions. Those a client can reach go through the image and compare its workspace; the others serve
//! verbs that hold the image already.

use vitrine_db::statements;

/// What [`super::model::Version::from_row`] reads.
macro_rules! columns {
    () => {
        "v.image_id, v.version, v.status, v.scene, v.furniture_count, v.is_edited, v.staged_key, v.thumb_key,
            v.room_type, v.confidence, v.processing_time_ms, v.created_at, v.before_key, v.credits"
    };
}

statements! {
    GET_VERSION = of concat!("select ", columns!(), "
        from image_versions v
        join images i on i.id = v.image_id
        where v.image_id = $1 and v.version = $2 and i.workspace_id = $3");
    // For jobs, which know the image but act for no workspace.
    GET_VERSION_FOR_JOB = of concat!("select ", columns!(), "
        from image_versions v
        where v.image_id = $1 and v.version = $2");
    LIST_SHOWN_VERSIONS = of concat!("select ", columns!(), "
        from image_versions v
        join images i on i.id = v.image_id
        where v.image_id = $1 and i.workspace_id = $2
            and (v.status = 'ready' or v.version = i.version or v.is_edited = true)
        order by v.version desc
        limit 1000");
    LIST_VERSION_FILES = "
        select version, status, staged_key, thumb_key, before_key
        from image_versions
        where image_id = $1
        order by version";
    LAST_VERSION = "
        select cast(coalesce(max(version), 0) as bigint) as version
        from image_versions
        where image_id = $1";
    LAST_READY_VERSION = "
        select cast(coalesce(max(version), 0) as bigint) as version
        from image_versions
        where image_id = $1 and status = 'ready'";
    INSERT_VERSION = "
        insert into image_versions (image_id, version, status, scene, furniture_count, is_edited, created_at)
        values ($1, $2, 'queued', $3, $4, true, $5)";
    COPY_VERSION = "
        insert into image_versions (image_id, version, status, scene, furniture_count, is_edited, staged_key, thumb_key,
            room_type, confidence, processing_time_ms, created_at, before_key, credits)
        select image_id, $3, status, scene, furniture_count, is_edited, staged_key, thumb_key, room_type, confidence,
            processing_time_ms, $4, before_key, credits
        from image_versions
        where image_id = $1 and version = $2 and status = 'ready'";
    // The first staging has no row until now; an edited version has one that waits.
    STORE_READY_VERSION = "
        insert into image_versions (image_id, version, status, scene, furniture_count, is_edited, staged_key, thumb_key,
            room_type, confidence, processing_time_ms, created_at, before_key, credits)
        values ($1, $2, 'ready', $3, $4, false, $5, $6, $7, $8, $9, $10, $11, $12)
        on conflict (image_id, version) do update
        set status = excluded.status, scene = excluded.scene, furniture_count = excluded.furniture_count,
            staged_key = excluded.staged_key, thumb_key = excluded.thumb_key, room_type = excluded.room_type,
            confidence = excluded.confidence, processing_time_ms = excluded.processing_time_ms,
            before_key = excluded.before_key, credits = excluded.credits";
    // What a person drew is not overwritten by a guess.
    STORE_GUESS = "
        insert into image_versions (image_id, version, status, scene, furniture_count, is_edited, confidence, created_at)
        values ($1, $2, 'failed', $3, 0, false, $4, $5)
        on conflict (image_id, version) do update
        set scene = excluded.scene, confidence = excluded.confidence
        where image_versions.is_edited = false and image_versions.status = 'failed'";
    END_WAITING_VERSIONS = "
        update image_versions
        set status = 'failed'
        where image_id = $1 and status = 'queued'";
    REQUEUE_VERSION = "
        update image_versions
        set status = 'queued'
        where image_id = $1 and version = $2 and status = 'failed' and is_edited = true";
    // A copy that several images of a workspace show has the same file in all their rows.
    GET_PRINT = "
        select width, height, file_key
        from image_prints
        where workspace_id = $1 and artwork = $2
        order by image_id
        limit 1";
    INSERT_PRINT = "
        insert into image_prints (image_id, workspace_id, artwork, width, height, file_key, created_at)
        values ($1, $2, $3, $4, $5, $6, $7)
        on conflict (image_id, artwork) do nothing";
    DELETE_PRINTS = "
        delete from image_prints
        where image_id = $1";
    DELETE_VERSIONS = "
        delete from image_versions
        where image_id = $1";
    // The version in the condition is what makes one of two changes at the same moment win.
    QUEUE_EDITED_IMAGE = "
        update images
        set status = 'queued', progress = 0, step = null, error_code = null, error_message = null, version = $4,
            quota_period = $5, quota_state = $6, updated_at = $7
        where id = $1 and workspace_id = $2 and version = $3 and quota_state = $8 and deleted_at is null";
    SHOW_VERSION = "
        update images
        set status = 'ready', progress = 100, step = null, error_code = null, error_message = null, version = $3,
            staged_key = $4, thumb_key = $5, room_type = $6, confidence = $7, processing_time_ms = $8, updated_at = $9,
            before_key = $11, credits = $12
        where id = $1 and workspace_id = $2 and version = $10 and deleted_at is null";
}
