//! What is stored of projects. Every statement takes the workspace, so that another's rows cannot be reached.

use vitrine_db::{DbError, List, Row, Sort, SortKind, statements};

use super::model::Project;

/// What [`project_from_row`] reads.
macro_rules! columns {
    () => {
        "id, name, description, original_count, image_count, ready_count, cover_key, created_at, updated_at"
    };
}

statements! {
    INSERT_PROJECT = "
        insert into projects (id, workspace_id, name, description, created_at, updated_at)
        values ($1, $2, $3, $4, $5, $5)";

    GET_PROJECT = of concat!("select ", columns!(), "
        from project_summaries
        where id = $1 and workspace_id = $2 and deleted_at is null");

    HAS_PROJECT = "
        select id
        from projects
        where id = $1 and workspace_id = $2 and deleted_at is null";

    UPDATE_PROJECT = "
        update projects
        set name = coalesce($3, name), description = coalesce($4, description), updated_at = $5
        where id = $1 and workspace_id = $2 and deleted_at is null";

    DELETE_PROJECT = "
        update projects
        set deleted_at = $3
        where id = $1 and workspace_id = $2 and deleted_at is null";

    /// `$3` is the oldest deletion that can still be undone. A live project stays as it is.
    RESTORE_PROJECT = "
        update projects
        set deleted_at = null
        where id = $1 and workspace_id = $2 and (deleted_at is null or deleted_at >= $3)";

    // For the schedule, which acts for no workspace. `$1` is the oldest deletion that can still be undone.
    LIST_EXPIRED_PROJECTS = "
        select id, deleted_at
        from projects
        where deleted_at < $1
        order by deleted_at, id
        limit 20";

    /// Its images went with the project.
    DELETE_IMAGES_OF_PROJECT = "
        update images
        set deleted_at = $2
        where project_id = $1 and (deleted_at is null or deleted_at > $2)";

    LIST_LINKS_OF_PROJECT = "
        select project_id, original_id
        from project_originals
        where project_id = $1
        order by original_id
        limit 100";

    // Photos that were taken out of a project so long ago that they cannot be put back. One with images stays in place.
    LIST_EXPIRED_LINKS = "
        select po.project_id, po.original_id
        from project_originals po
        where po.deleted_at < $1
            and not exists (
                select 1 from images i where i.project_id = po.project_id and i.original_id = po.original_id)
        order by po.deleted_at, po.project_id, po.original_id
        limit 100";

    PURGE_LINK = "
        delete from project_originals
        where project_id = $1 and original_id = $2";

    /// Takes no row while anything still shows the photo.
    PURGE_ORIGINAL = "
        delete from originals
        where id = $1
            and not exists (select 1 from project_originals po where po.original_id = originals.id)
            and not exists (select 1 from images i where i.original_id = originals.id)
        returning file_key, preview_key, thumb_key";

    PURGE_UPLOADS = "
        delete from uploads
        where project_id = $1";

    PURGE_PROJECT = "
        delete from projects
        where id = $1 and deleted_at < $2";

    /// `$2` picks the live ones (false) or the deleted ones (true).
    list PROJECTS = List::new(
        "PROJECTS",
        columns!(),
        "from project_summaries where workspace_id = $1 and (deleted_at is not null) = $2",
        2,
        "id",
        &[
            Sort { name: "created_at", column: "created_at", kind: SortKind::Time },
            Sort { name: "updated_at", column: "updated_at", kind: SortKind::Time },
            Sort { name: "name", column: "name", kind: SortKind::Text },
        ],
    );
}

pub fn project_from_row(row: &Row) -> Result<Project, DbError> {
    Ok(Project {
        id: row.get("id")?,
        name: row.get("name")?,
        description: row.get("description")?,
        original_count: row.get("original_count")?,
        image_count: row.get("image_count")?,
        ready_count: row.get("ready_count")?,
        cover_key: row.get("cover_key")?,
        created_at: row.get("created_at")?,
        updated_at: row.get("updated_at")?,
    })
}
