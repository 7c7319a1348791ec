//! What an export reads. Everything names project and workspace.

use vitrine_db::statements;

statements! {
    LIST_EXPORT_IMAGES = "
        select i.id, i.original_id, i.room_type, i.style, i.engine, i.seed, i.staged_key, i.credits, i.created_at
        from images i
        where i.project_id = $1 and i.workspace_id = $2 and i.deleted_at is null and i.staged_key is not null
        order by i.created_at, i.id";

    /// The project's photos, also those that were taken out of it but have stagings in it. Their order numbers them.
    LIST_EXPORT_ORIGINALS = "
        select o.id, o.filename, o.file_key, o.status, o.created_at, po.deleted_at
        from project_originals po
        join originals o on o.id = po.original_id
        where po.project_id = $1 and o.workspace_id = $2
        order by po.created_at, o.id";
}
