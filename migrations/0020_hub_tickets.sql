-- Support: tickets, their messages, files attached to messages, and prepared answers of the staff.

create table tickets (
    id uuid not null primary key,
    -- where the requester worked when asking; a ticket belongs to its requester
    workspace_id uuid not null references workspaces (id),
    requester_id uuid not null references accounts (id),
    assignee_id uuid references accounts (id),
    subject text not null,
    -- open, pending, resolved, closed
    status text not null,
    -- low, normal, high, urgent
    priority text not null,
    -- subject and first message in lower case, for looking up
    subject_search text not null,
    body_search text not null,
    -- messages the requester sees, and notes only the staff sees
    message_count bigint not null,
    note_count bigint not null,
    created_at timestamptz not null,
    -- of the last change the requester may know of
    updated_at timestamptz not null
);
create index tickets_requester_idx on tickets (requester_id, created_at, id);
create index tickets_created_idx on tickets (created_at, id);
create index tickets_status_idx on tickets (status, created_at, id);
create index tickets_assignee_idx on tickets (assignee_id, created_at, id);

create table ticket_messages (
    id uuid not null primary key,
    ticket_id uuid not null references tickets (id),
    author_id uuid not null references accounts (id),
    -- written by somebody of the staff, as staff
    is_staff boolean not null,
    -- for the staff only
    is_internal boolean not null,
    -- Markdown, as it was written
    body text not null,
    created_at timestamptz not null
);
create index ticket_messages_ticket_idx on ticket_messages (ticket_id, created_at, id);

-- Announced before its bytes are sent, so that no stored file is without a row.
create table ticket_attachments (
    id uuid not null primary key,
    workspace_id uuid not null references workspaces (id),
    account_id uuid not null references accounts (id),
    -- null until a message takes it
    message_id uuid references ticket_messages (id),
    filename text not null,
    content_type text not null,
    size_bytes bigint not null,
    -- where the bytes are awaited (null once that was cleared), and where they are kept after they were looked at
    incoming_key text,
    file_key text not null,
    created_at timestamptz not null
);
create index ticket_attachments_message_idx on ticket_attachments (message_id, created_at, id);
create index ticket_attachments_created_idx on ticket_attachments (created_at, id);

create table canned_replies (
    id uuid not null primary key,
    title text not null,
    body text not null,
    created_by uuid not null references accounts (id),
    created_at timestamptz not null,
    updated_at timestamptz not null
);
create index canned_replies_created_idx on canned_replies (created_at, id);
create index canned_replies_title_idx on canned_replies (title, id);
