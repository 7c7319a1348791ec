-- Who asked for an image, to be told when it is ready; null for images from before, and nobody to tell.
alter table images add column asked_by uuid;
