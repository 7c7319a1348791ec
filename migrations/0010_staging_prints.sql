-- Pictures of people's own that hang in scenes: which image shows which copy.

create table image_prints (
    image_id uuid not null references images (id),
    workspace_id uuid not null references workspaces (id),
    -- SHA-256 of the upload it was copied from, lower-case hex
    artwork text not null,
    -- upright, in pixels
    width bigint not null,
    height bigint not null,
    -- the same for all images of a workspace that show it
    file_key text not null,
    created_at timestamptz not null,
    primary key (image_id, artwork)
);
create index image_prints_workspace_idx on image_prints (workspace_id, artwork);
create index image_prints_file_idx on image_prints (file_key);
