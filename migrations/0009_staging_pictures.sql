-- What belongs to a finished picture beside the picture: the photo turned level that it is to be compared with, and whose
-- work the imported furniture in it is (a list of credits as JSON).
alter table images add column before_key text;
alter table images add column credits text;
-- the image whose furniture is to stand in this one too: another photo of the same room
alter table images add column same_as uuid;
alter table image_versions add column before_key text;
alter table image_versions add column credits text;

-- A picture that is rendered again after a change is still there to be seen, so it counts and covers.
drop view project_summaries;
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
        where i.project_id = p.id and i.deleted_at is null and i.staged_key is not null
    ) as ready_count,
    coalesce(
        (
            select i.thumb_key
            from images i
            where i.project_id = p.id and i.deleted_at is null and i.staged_key is not null and i.thumb_key is not null
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
