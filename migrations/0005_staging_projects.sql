-- Projects, uploads, originals and images.

create table projects (
    id uuid not null primary key,
    workspace_id uuid not null references workspaces (id),
    name text not null,
    description text not null,
    created_at timestamptz not null,
    updated_at timestamptz not null,
    deleted_at timestamptz
);
create index projects_workspace_idx on projects (workspace_id, created_at, id);
create index projects_name_idx on projects (workspace_id, name, id);

create table uploads (
    id uuid not null primary key,
    workspace_id uuid not null references workspaces (id),
    account_id uuid not null references accounts (id),
    project_id uuid references projects (id),
    filename text not null,
    content_type text not null,
    size_bytes bigint not null,
    sha256 text,
    file_key text not null,
    -- announced, completed, expired
    status text not null,
    original_id uuid,
    -- the workspace had these bytes already, so original_id is the older one
    is_duplicate boolean not null,
    created_at timestamptz not null,
    expires_at timestamptz not null
);
create index uploads_open_idx on uploads (workspace_id) where status = 'announced';
create index uploads_expiry_idx on uploads (expires_at) where status = 'announced';

create table originals (
    id uuid not null primary key,
    workspace_id uuid not null references workspaces (id),
    filename text not null,
    content_type text not null,
    size_bytes bigint not null,
    sha256 text not null,
    -- upright
    width bigint not null,
    height bigint not null,
    file_key text not null,
    -- upright JPEG without metadata, at most 2048 px; set when the check is done
    preview_key text,
    thumb_key text,
    -- processing, ready, rejected
    status text not null,
    error_code text,
    error_message text,
    created_at timestamptz not null,
    updated_at timestamptz not null
);
create unique index originals_sha256_key on originals (workspace_id, sha256);

create table project_originals (
    project_id uuid not null references projects (id),
    original_id uuid not null references originals (id),
    created_at timestamptz not null,
    deleted_at timestamptz,
    primary key (project_id, original_id)
);
create index project_originals_original_idx on project_originals (original_id);

create table images (
    id uuid not null primary key,
    workspace_id uuid not null references workspaces (id),
    project_id uuid not null references projects (id),
    original_id uuid not null references originals (id),
    -- queued, processing, ready, error, canceled
    status text not null,
    progress bigint not null,
    step text,
    -- what was asked for; the engine's own decision lands in room_type when nothing was
    requested_room_type text,
    room_type text,
    style text not null,
    engine text not null,
    seed bigint not null,
    prompt text,
    options text,
    version bigint not null,
    error_code text,
    error_message text,
    cost_micros bigint not null,
    cost_currency text not null,
    processing_time_ms bigint,
    confidence double precision,
    staged_key text,
    thumb_key text,
    -- camera, room and furniture behind the staging, as JSON
    scene text,
    -- the billing period its quota was reserved in, and whether it still is
    quota_period timestamptz,
    quota_state text not null,
    created_at timestamptz not null,
    updated_at timestamptz not null,
    deleted_at timestamptz
);
create index images_workspace_idx on images (workspace_id, created_at, id);
create index images_project_idx on images (project_id, created_at, id);
create index images_original_idx on images (original_id, created_at, id);
create index images_live_idx on images (workspace_id, status) where status in ('queued', 'processing');

-- A project with what its card shows. A view, so that reading one and listing many are the same columns; the
-- counts are index look-ups for the rows of one page.
create view project_summaries as
select
    p.id,
    p.workspace_id,
    p.name,
    p.description,
    p.created_at,
    p.updated_at,
    p.deleted_at,
    (
        select count(*)
        from project_originals po
        where po.project_id = p.id and po.deleted_at is null
    ) as original_count,
    (
        select count(*)
        from images i
        where i.project_id = p.id and i.deleted_at is null
    ) as image_count,
    (
        select count(*)
        from images i
        where i.project_id = p.id and i.deleted_at is null and i.status = 'ready'
    ) as ready_count,
    coalesce(
        (
            select i.thumb_key
            from images i
            where i.project_id = p.id and i.deleted_at is null and i.status = 'ready' and i.thumb_key is not null
            order by i.created_at desc, i.id desc
            limit 1
        ),
        (
            select o.thumb_key
            from project_originals po
            join originals o on o.id = po.original_id
            where po.project_id = p.id and po.deleted_at is null and o.thumb_key is not null
            order by po.created_at, po.original_id
            limit 1
        )
    ) as cover_key
from projects p;
