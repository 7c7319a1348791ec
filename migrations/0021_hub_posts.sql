-- The community: posts, comments, votes, flags, and what the moderators look at.

create table community_posts (
    id uuid not null primary key,
    workspace_id uuid not null references workspaces (id),
    author_id uuid not null references accounts (id),
    title text not null,
    -- Markdown, as it was written
    body text not null,
    -- title and body in lower case, for looking up
    search_text text not null,
    -- sum of the votes
    score bigint not null,
    -- comments everybody sees
    comment_count bigint not null,
    -- flags no moderator has settled
    flag_count bigint not null,
    -- visible, hidden (until a moderator decides), removed (by a moderator), deleted (by its author)
    state text not null,
    -- no more comments or changes
    is_locked boolean not null,
    created_at timestamptz not null,
    updated_at timestamptz not null
);
create index community_posts_created_idx on community_posts (created_at, id);
create index community_posts_score_idx on community_posts (score, id);
create index community_posts_author_idx on community_posts (author_id, created_at, id);

create table community_comments (
    id uuid not null primary key,
    post_id uuid not null references community_posts (id),
    -- the comment it answers, which answers none itself
    parent_id uuid references community_comments (id),
    author_id uuid not null references accounts (id),
    body text not null,
    score bigint not null,
    flag_count bigint not null,
    state text not null,
    created_at timestamptz not null,
    updated_at timestamptz not null
);
create index community_comments_post_idx on community_comments (post_id, created_at, id);
create index community_comments_parent_idx on community_comments (parent_id);

-- One vote of an account on a post or comment.
create table community_votes (
    subject_id uuid not null,
    account_id uuid not null references accounts (id),
    -- 1 or -1
    value bigint not null,
    created_at timestamptz not null,
    primary key (subject_id, account_id)
);

create table community_flags (
    id uuid not null primary key,
    -- the post or comment
    subject_id uuid not null,
    account_id uuid not null references accounts (id),
    reason text not null,
    note text not null,
    created_at timestamptz not null,
    -- when a moderator decided
    settled_at timestamptz
);
create unique index community_flags_once_key on community_flags (subject_id, account_id);
create index community_flags_open_idx on community_flags (settled_at, created_at);

-- What moderators look at: everything flagged, hidden or removed.
create view community_moderation as
select p.id as id, 'post' as kind, p.id as post_id, p.title as title, p.body as body, p.author_id as author_id,
    a.full_name as author_name, p.state as state, p.is_locked as is_locked, p.flag_count as flag_count,
    p.created_at as created_at
from community_posts p
join accounts a on a.id = p.author_id
union all
select c.id, 'comment', c.post_id, p.title, c.body, c.author_id, a.full_name, c.state, p.is_locked, c.flag_count,
    c.created_at
from community_comments c
join community_posts p on p.id = c.post_id
join accounts a on a.id = c.author_id;
