-- The status page: services, changes of their state, incidents with their updates, planned maintenance. It belongs to
-- the instance, so no row has a workspace.

create table status_services (
    id uuid not null primary key,
    name text not null,
    -- lower case, for uniqueness
    name_key text not null,
    description text not null,
    -- where it stands on the page; ties by name
    position bigint not null,
    -- api, worker or storage: what Vitrine reports itself
    builtin text,
    -- when observing it began; before that there is no uptime
    created_at timestamptz not null,
    updated_at timestamptz not null
);
create unique index status_services_name_key on status_services (name_key);
create unique index status_services_builtin_key on status_services (builtin);

create table status_incidents (
    id uuid not null primary key,
    title text not null,
    -- none, minor, major, critical
    impact text not null,
    -- of the newest update: investigating, identified, monitoring, resolved
    state text not null,
    created_at timestamptz not null,
    updated_at timestamptz not null,
    resolved_at timestamptz
);
create index status_incidents_created_idx on status_incidents (created_at, id);

create table status_incident_updates (
    id uuid not null primary key,
    incident_id uuid not null references status_incidents (id),
    state text not null,
    body text not null,
    account_id uuid,
    created_at timestamptz not null
);
create index status_incident_updates_incident_idx on status_incident_updates (incident_id, created_at, id);

create table status_incident_services (
    incident_id uuid not null references status_incidents (id),
    service_id uuid not null references status_services (id),
    primary key (incident_id, service_id)
);
create index status_incident_services_service_idx on status_incident_services (service_id);

create table status_maintenance (
    id uuid not null primary key,
    title text not null,
    description text not null,
    starts_at timestamptz not null,
    ends_at timestamptz not null,
    -- called off, or ended early
    canceled_at timestamptz,
    -- when its beginning and its end were told
    begun_told_at timestamptz,
    ended_told_at timestamptz,
    created_at timestamptz not null,
    updated_at timestamptz not null
);
create index status_maintenance_starts_idx on status_maintenance (starts_at, id);
create index status_maintenance_created_idx on status_maintenance (created_at, id);

create table status_maintenance_services (
    maintenance_id uuid not null references status_maintenance (id),
    service_id uuid not null references status_services (id),
    primary key (maintenance_id, service_id)
);
create index status_maintenance_services_service_idx on status_maintenance_services (service_id);

create table status_events (
    id uuid not null primary key,
    service_id uuid not null references status_services (id),
    -- operational, maintenance, degraded, partial_outage, major_outage
    status text not null,
    description text not null,
    -- operator, probe, incident, maintenance; the last kind tells of a window and changes no state, since a window
    -- counts by its own times
    source text not null,
    incident_id uuid references status_incidents (id),
    account_id uuid,
    created_at timestamptz not null
);
create index status_events_created_idx on status_events (created_at, id);
create index status_events_service_idx on status_events (service_id, created_at, id);
