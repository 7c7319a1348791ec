//! What is stored of uploads and originals. Every statement a client can reach takes the workspace.

use vitrine_db::{DbError, List, Row, Sort, SortKind, statements};

use super::model::{Original, OriginalFailure, Upload};

/// What [`original_from_row`] reads.
macro_rules! columns {
    () => {
        "o.id, o.workspace_id, o.filename, o.content_type, o.size_bytes, o.sha256, o.width, o.height, o.file_key,
            o.preview_key, o.thumb_key, o.status, o.error_code, o.error_message, o.created_at"
    };
}

statements! {
    /// Takes no row when the workspace has `$11` open uploads already.
    INSERT_UPLOAD = "
        insert into uploads (id, workspace_id, account_id, project_id, filename, content_type, size_bytes, sha256,
            file_key, status, is_duplicate, created_at, expires_at)
        select $1, $2, $3, $4, $5, $6, $7, $8, $9, 'announced', false, $10, $12
        where (
            select count(*)
            from uploads
            where workspace_id = $2 and status = 'announced'
        ) < $11";

    GET_UPLOAD = "
        select id, workspace_id, account_id, project_id, filename, content_type, size_bytes, sha256, file_key, status,
            original_id, is_duplicate
        from uploads
        where id = $1 and workspace_id = $2";

    /// Only the first of two completions gets a row.
    COMPLETE_UPLOAD = "
        update uploads
        set status = 'completed', original_id = $3, is_duplicate = $4
        where id = $1 and workspace_id = $2 and status = 'announced'";

    /// For the schedule, which acts for no workspace.
    LIST_OVERDUE_UPLOADS = "
        select id, file_key
        from uploads
        where status = 'announced' and expires_at <= $1
        order by expires_at, id
        limit 200";

    EXPIRE_UPLOAD = "
        update uploads
        set status = 'expired'
        where id = $1 and status = 'announced'";

    /// Takes no row when the workspace has these bytes already.
    INSERT_ORIGINAL = "
        insert into originals (id, workspace_id, filename, content_type, size_bytes, sha256, width, height, file_key,
            status, created_at, updated_at)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, 'processing', $10, $10)
        on conflict (workspace_id, sha256) do nothing";

    GET_ORIGINAL = of concat!("select ", columns!(), "
        from originals o
        where o.id = $1 and o.workspace_id = $2");

    GET_ORIGINAL_BY_SHA256 = of concat!("select ", columns!(), "
        from originals o
        where o.workspace_id = $1 and o.sha256 = $2");

    /// For jobs, which know the original but act for no workspace.
    GET_ORIGINAL_FOR_JOB = of concat!("select ", columns!(), "
        from originals o
        where o.id = $1");

    FINISH_ORIGINAL = "
        update originals
        set status = 'ready', error_code = null, error_message = null, width = $2, height = $3, file_key = $4,
            preview_key = $5, thumb_key = $6, updated_at = $7
        where id = $1 and status <> 'ready'";

    REJECT_ORIGINAL = "
        update originals
        set status = 'rejected', error_code = $2, error_message = $3, updated_at = $4
        where id = $1 and status = 'processing'";

    REOPEN_ORIGINAL = "
        update originals
        set status = 'processing', error_code = null, error_message = null, updated_at = $2
        where id = $1 and status = 'rejected'";

    /// Linking again undoes a removal.
    LINK_ORIGINAL = "
        insert into project_originals (project_id, original_id, created_at)
        values ($1, $2, $3)
        on conflict (project_id, original_id) do update set deleted_at = null";

    UNLINK_ORIGINAL = "
        update project_originals
        set deleted_at = $4
        where project_id = $1 and original_id = $2 and deleted_at is null
            and exists (select 1 from projects p where p.id = $1 and p.workspace_id = $3 and p.deleted_at is null)";

    RESTORE_ORIGINAL = "
        update project_originals
        set deleted_at = null
        where project_id = $1 and original_id = $2 and (deleted_at is null or deleted_at >= $4)
            and exists (select 1 from projects p where p.id = $1 and p.workspace_id = $3 and p.deleted_at is null)";

    TOUCH_PROJECT = "
        update projects
        set updated_at = $3
        where id = $1 and workspace_id = $2 and deleted_at is null";

    LIST_PROJECTS_OF_ORIGINAL = "
        select po.project_id
        from project_originals po
        join projects p on p.id = po.project_id
        where po.original_id = $1 and po.deleted_at is null and p.deleted_at is null
        order by po.created_at, po.project_id
        limit 20";

    // What the sweep asks of an object: is this still somebody's?
    HAS_OPEN_UPLOAD = "
        select id
        from uploads
        where id = $1 and workspace_id = $2 and status = 'announced'";
    HAS_FILE_OF_ORIGINAL = "
        select id
        from originals
        where workspace_id = $1 and (file_key = $2 or preview_key = $2 or thumb_key = $2)";
    HAS_PRINT = "
        select image_id
        from image_prints
        where workspace_id = $1 and file_key = $2
        limit 1";
    HAS_IMAGE = "
        select id
        from images
        where id = $1 and workspace_id = $2";

    list ORIGINALS_OF_PROJECT = List::new(
        "ORIGINALS_OF_PROJECT",
        columns!(),
        "from project_originals po
         join originals o on o.id = po.original_id
         where po.project_id = $1 and o.workspace_id = $2 and po.deleted_at is null",
        2,
        "o.id",
        &[
            Sort { name: "created_at", column: "po.created_at", kind: SortKind::Time },
            Sort { name: "filename", column: "o.filename", kind: SortKind::Text },
        ],
    );
}

pub fn original_from_row(row: &Row) -> Result<Original, DbError> {
    let code: Option<String> = row.get("error_code")?;
    let message: Option<String> = row.get("error_message")?;
    Ok(Original {
        id: row.get("id")?,
        workspace_id: row.get("workspace_id")?,
        filename: row.get("filename")?,
        content_type: row.get("content_type")?,
        size_bytes: row.get("size_bytes")?,
        sha256: row.get("sha256")?,
        width: row.get("width")?,
        height: row.get("height")?,
        file_key: row.get("file_key")?,
        preview_key: row.get("preview_key")?,
        thumb_key: row.get("thumb_key")?,
        status: row.parse("status")?,
        failure: code.map(|code| OriginalFailure {
            code,
            message: message.unwrap_or_default(),
        }),
        created_at: row.get("created_at")?,
    })
}

pub fn upload_from_row(row: &Row) -> Result<Upload, DbError> {
    Ok(Upload {
        id: row.get("id")?,
        workspace_id: row.get("workspace_id")?,
        account_id: row.get("account_id")?,
        project_id: row.get("project_id")?,
        filename: row.get("filename")?,
        format: row.parse("content_type")?,
        size_bytes: row.get("size_bytes")?,
        sha256: row.get("sha256")?,
        file_key: row.get("file_key")?,
        status: row.parse("status")?,
        original_id: row.get("original_id")?,
        is_duplicate: row.get("is_duplicate")?,
    })
}
