//! Statements of images. Everything a client can reach names the workspace.

use vitrine_db::{List, Sort, SortKind, statements};

/// What [`super::model::Image::from_row`] reads.
macro_rules! columns {
    () => {
        "i.id, i.workspace_id, i.project_id, i.original_id, i.status, i.progress, i.step,
            i.requested_room_type, i.room_type, i.style, i.engine, i.seed, i.prompt, i.options, i.version, i.error_code,
            i.error_message, i.cost_micros, i.cost_currency, i.processing_time_ms, i.confidence, i.staged_key,
            i.thumb_key, i.before_key, i.credits, i.same_as, i.quota_period, i.quota_state, i.created_at, i.updated_at, i.deleted_at,
            o.file_key as original_key, o.content_type as original_content_type, o.filename as original_filename,
            o.width as original_width, o.height as original_height,
            o.status = 'ready' as is_original_ready"
    };
}

const SORTS: &[Sort] = &[
    Sort {
        name: "created_at",
        column: "i.created_at",
        kind: SortKind::Time,
    },
    Sort {
        name: "updated_at",
        column: "i.updated_at",
        kind: SortKind::Time,
    },
];

statements! {
    INSERT_IMAGE = "
        insert into images (id, workspace_id, project_id, original_id, status, progress, requested_room_type,
            room_type, style, engine, seed, prompt, options, version, cost_micros, cost_currency, quota_period,
            quota_state, created_at, updated_at, same_as, asked_by)
        values ($1, $2, $3, $4, 'queued', 0, $5, $5, $6, $7, $8, $9, $10, 1, $11, $12, $13, 'reserved', $14, $14, $15,
            $16)";
    // Whom to tell; for jobs, which know the image.
    GET_ASKED_BY = "
        select asked_by
        from images
        where id = $1";
    GET_IMAGE = of concat!("select ", columns!(), "
        from images i
        join originals o on o.id = i.original_id
        where i.id = $1 and i.workspace_id = $2");
    // For jobs, which know the image but act for no workspace.
    GET_IMAGE_FOR_JOB = of concat!("select ", columns!(), "
        from images i
        join originals o on o.id = i.original_id
        where i.id = $1");
    LIST_IMAGES_OF_ORIGINALS_IN_PROJECT = of concat!("select ", columns!(), "
        from images i
        join originals o on o.id = i.original_id
        where i.workspace_id = $1 and i.project_id = $2 and i.original_id = $3 and i.deleted_at is null
        order by i.created_at, i.id
        limit 100");
    FIND_ORIGINAL = "
        select id, status
        from originals
        where id = $1 and workspace_id = $2";
    FIND_UPLOADED_ORIGINAL = "
        select o.id, o.status
        from uploads u
        join originals o on o.id = u.original_id
        where u.id = $1 and u.workspace_id = $2 and u.status = 'completed'";
    FIND_PROJECT = "
        select id
        from projects
        where id = $1 and workspace_id = $2 and deleted_at is null";
    LINK_ORIGINAL = "
        insert into project_originals (project_id, original_id, created_at)
        values ($1, $2, $3)
        on conflict (project_id, original_id) do nothing";
    START_IMAGE = "
        update images
        set status = 'processing', progress = 0, step = $3, updated_at = $2
        where id = $1 and version = $4 and status in ('queued', 'processing') and deleted_at is null";
    PROGRESS_IMAGE = "
        update images
        set progress = $2, step = $3, updated_at = $4
        where id = $1 and version = $5 and status = 'processing'";
    FINISH_IMAGE = "
        update images
        set status = 'ready', progress = 100, step = null, room_type = $2, error_code = null, error_message = null,
            cost_micros = $3, cost_currency = $4, processing_time_ms = $5, confidence = $6, staged_key = $7,
            thumb_key = $8, quota_state = 'used', updated_at = $9, before_key = $11, credits = $12
        where id = $1 and version = $10 and status = 'processing'";
    REQUEUE_IMAGE = "
        update images
        set status = 'queued', progress = 0, step = $3, updated_at = $2
        where id = $1 and version = $4 and status = 'processing'";
    FAIL_IMAGE = "
        update images
        set status = 'error', step = null, error_code = $2, error_message = $3, quota_state = 'released',
            updated_at = $4
        where id = $1 and version = $5 and status in ('queued', 'processing')";
    CANCEL_IMAGE = "
        update images
        set status = 'canceled', step = null, error_code = 'canceled', error_message = $3, quota_state = 'released',
            updated_at = $2
        where id = $1 and version = $4 and status in ('queued', 'processing')";
    // A change that could not be rendered, or was canceled: the picture before it is shown again.
    SHOW_EARLIER_VERSION = "
        update images
        set status = 'ready', progress = 100, step = null, error_code = $4, error_message = $5, version = $3,
            updated_at = $6
        where id = $1 and version = $2 and status in ('queued', 'processing') and staged_key is not null";
    RETRY_IMAGE = "
        update images
        set status = 'queued', progress = 0, step = null, error_code = null, error_message = null,
            quota_period = $3, quota_state = 'reserved', updated_at = $2
        where id = $1 and status in ('error', 'canceled') and deleted_at is null";
    DELETE_IMAGE = "
        update images
        set deleted_at = $3, updated_at = $3
        where id = $1 and workspace_id = $2 and deleted_at is null";
    RESTORE_IMAGE = "
        update images
        set deleted_at = null, updated_at = $3
        where id = $1 and workspace_id = $2 and deleted_at > $4";
    COST_OF_PROJECT = "
        select count(*) as images, cast(coalesce(sum(cost_micros), 0) as bigint) as amount_micros
        from images
        where workspace_id = $1 and project_id = $2 and staged_key is not null";
    LIST_LIVE_IMAGES = "
        select id, status, progress, step
        from images
        where workspace_id = $1
            and deleted_at is null
            and (id = $2 or ($2 is null and status in ('queued', 'processing')))
            and (project_id = $3 or $3 is null)
        order by created_at, id
        limit 1000";
    LIST_UNFINISHED_IMAGES_OF_PROJECT = "
        select id
        from images
        where project_id = $1 and deleted_at is null and status in ('queued', 'processing')
        order by id";
    LIST_EXPIRED_IMAGES = "
        select id
        from images
        where deleted_at < $1
        order by deleted_at, id
        limit 100";
    PURGE_IMAGE = "
        delete from images
        where id = $1 and deleted_at < $2";

    // Every image has its original; the outer join lets the engines leave it out where nothing of it is asked for,
    // which is when they count.
    list LIST_IMAGES = List::new(
        "LIST_IMAGES",
        columns!(),
        "from images i
         left join originals o on o.id = i.original_id
         where i.workspace_id = $1
            and (i.deleted_at is not null) = $2",
        2,
        "i.id",
        SORTS,
    )
    .filtered(&["i.status = ?", "i.original_id = ?", "i.project_id = ?"]);
}
