//! What is stored of imported furniture. A piece without a workspace is everybody's.

use vitrine_db::statements;

/// What [`super::assets::StoredAsset`] reads.
macro_rules! columns {
    () => {
        "id, workspace_id, library, kind, style, name, width_m, height_m, depth_m, top_m, hangs, title, creator, licence,
            file_key, thumb_key"
    };
}

/// What [`super::imports::Import`] reads.
macro_rules! import_columns {
    () => {
        "id, workspace_id, format, wish, file_key, status, error_code, error_message, results, created_at"
    };
}

statements! {
    /// A piece of the same owner and source has the same id and is replaced.
    KEEP_ASSET = "
        insert into furniture_assets (id, workspace_id, source, library, kind, style, name, width_m, height_m, depth_m,
            top_m, hangs, title, creator, licence, file_key, thumb_key, created_at, updated_at)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $18)
        on conflict (id) do update
        set library = excluded.library, kind = excluded.kind, style = excluded.style, name = excluded.name,
            width_m = excluded.width_m, height_m = excluded.height_m, depth_m = excluded.depth_m,
            top_m = excluded.top_m, hangs = excluded.hangs, title = excluded.title, creator = excluded.creator,
            licence = excluded.licence, file_key = excluded.file_key, thumb_key = excluded.thumb_key,
            updated_at = excluded.updated_at";

    LIST_ASSETS = of concat!("select ", columns!(), "
        from furniture_assets
        where workspace_id = $1 or workspace_id is null
        order by kind, name, id
        limit 5000");

    GET_ASSET = of concat!("select ", columns!(), "
        from furniture_assets
        where id = $1 and (workspace_id = $2 or workspace_id is null)");

    INSERT_IMPORT = "
        insert into furniture_imports (id, workspace_id, account_id, format, wish, file_key, status, created_at,
            updated_at)
        values ($1, $2, $3, $4, $5, $6, 'announced', $7, $7)";

    GET_IMPORT = of concat!("select ", import_columns!(), "
        from furniture_imports
        where id = $1 and workspace_id = $2");

    /// For the job, which knows the import but acts for no workspace.
    GET_IMPORT_FOR_JOB = of concat!("select ", import_columns!(), "
        from furniture_imports
        where id = $1");

    /// Only the first of two starts gets a row.
    START_IMPORT = "
        update furniture_imports
        set status = 'queued', updated_at = $3
        where id = $1 and workspace_id = $2 and status = 'announced'";

    FINISH_IMPORT = "
        update furniture_imports
        set status = 'ready', results = $2, error_code = null, error_message = null, updated_at = $3
        where id = $1 and status = 'queued'";

    FAIL_IMPORT = "
        update furniture_imports
        set status = 'failed', error_code = $2, error_message = $3, updated_at = $4
        where id = $1 and status = 'queued'";
}
