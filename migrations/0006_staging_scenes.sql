-- Versions of images: every saved state of a scene with the picture made of it.

create table image_versions (
    image_id uuid not null references images (id),
    version bigint not null,
    -- queued (to be rendered), ready, failed (also: refused, canceled, overtaken by a later version)
    status text not null,
    -- camera, room and furniture as JSON; null for engines that know none
    scene text,
    furniture_count bigint not null,
    -- made by a person: the engine renders it instead of reading the photo again
    is_edited boolean not null,
    staged_key text,
    thumb_key text,
    room_type text,
    confidence double precision,
    processing_time_ms bigint,
    created_at timestamptz not null,
    primary key (image_id, version)
);

-- What images held so far was a report for people, not a scene to change.
insert into image_versions (image_id, version, status, furniture_count, is_edited, staged_key, thumb_key, room_type,
    confidence, processing_time_ms, created_at)
select id, version, 'ready', 0, false, staged_key, thumb_key, room_type, confidence, processing_time_ms, updated_at
from images
where staged_key is not null;

alter table images drop column scene;
