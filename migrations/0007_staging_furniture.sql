-- Imported furniture, and the imports it came by.

create table furniture_assets (
    -- made from owner and source, so that a repeated import replaces the piece and scenes keep their reference
    id uuid not null primary key,
    -- null: imported by the operator, for everybody
    workspace_id uuid references workspaces (id),
    -- library and model, or the name of the file
    source text not null,
    library text,
    kind text not null,
    style text not null,
    name text not null,
    width_m double precision not null,
    height_m double precision not null,
    depth_m double precision not null,
    -- height of the surface that carries other things; 0 when there is none
    top_m double precision not null,
    -- on a wall or from the ceiling
    hangs boolean not null,
    title text not null,
    creator text,
    licence text not null,
    file_key text not null,
    thumb_key text not null,
    created_at timestamptz not null,
    updated_at timestamptz not null
);
create index furniture_assets_kind_idx on furniture_assets (kind, name, id);
create index furniture_assets_workspace_idx on furniture_assets (workspace_id);

create table furniture_imports (
    id uuid not null primary key,
    workspace_id uuid not null references workspaces (id),
    account_id uuid not null references accounts (id),
    -- glb or sh3f
    format text not null,
    -- what it is imported as, JSON
    wish text not null,
    file_key text not null,
    -- announced, queued, ready, failed
    status text not null,
    error_code text,
    error_message text,
    -- one entry per model, JSON
    results text,
    created_at timestamptz not null,
    updated_at timestamptz not null
);
create index furniture_imports_workspace_idx on furniture_imports (workspace_id, created_at, id);
