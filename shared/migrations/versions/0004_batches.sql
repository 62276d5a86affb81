-- Batches of documents, dead letters, and what an operator corrects before a document is tried again.

alter table documents add column finished_at timestamptz;
alter table documents add column hints jsonb not null default '{}';

update documents set finished_at = updated_at
where status in ('completed', 'rejected', 'needs_review') or status like '%\_failed';

-- Whoever writes a status, the time of its end goes with it.
create function document_ends() returns trigger language plpgsql set search_path = public, pg_temp as $$
begin
    if new.status in ('completed', 'rejected', 'needs_review') or new.status like '%\_failed' then
        new.finished_at := now();
    else
        new.finished_at := null;
    end if;
    return new;
end $$;
create trigger document_ends before update of status on documents for each row
    when (old.status is distinct from new.status) execute function document_ends();

create table batches (
    batch_id uuid primary key,
    tenant_id uuid not null,
    project_id uuid not null references projects on delete cascade,
    name text not null default '',
    created_by text not null,
    created_at timestamptz not null default now(),
    started_at timestamptz
);
create index batches_by_time on batches (tenant_id, created_at desc, batch_id desc);

-- An item is a document of a batch, or a blob that is not a document yet: then the state is its own.
create table batch_items (
    batch_id uuid not null references batches on delete cascade,
    item_id uuid not null,
    tenant_id uuid not null,
    project_id uuid not null,
    name text not null,
    source text,
    document_id uuid references documents on delete cascade,
    state text not null default 'pending' check (state in ('pending', 'registered', 'refused')),
    attempt int not null default 0,
    error_code text,
    error_message text,
    updated_at timestamptz not null default now(),
    primary key (batch_id, item_id),
    check ((state = 'registered') = (document_id is not null))
);
create index batch_items_by_document on batch_items (document_id);
create index batch_items_waiting on batch_items (updated_at) where state = 'pending';

-- The pace of a batch is that of its stages done in the last minutes.
create index stage_events_done on stage_events (tenant_id, at) where duration_ms is not null;

-- Requests that were given up. The payload is the original request, ready to be sent again.
create table dead_letters (
    dead_letter_id uuid primary key,
    tenant_id uuid not null,
    project_id uuid,
    kind text not null,
    subject text not null,
    queue text not null,
    payload jsonb not null,
    stage text,
    error_code text not null,
    message text not null default '',
    attempts int not null default 0,
    trace jsonb not null default '[]',
    state text not null default 'open' check (state in ('open', 'replayed', 'discarded')),
    settled_by text,
    settled_at timestamptz,
    first_seen timestamptz not null default now(),
    last_seen timestamptz not null default now()
);
create index dead_letters_by_time on dead_letters (tenant_id, first_seen desc, dead_letter_id desc);
create index dead_letters_by_subject on dead_letters (subject) where state = 'open';

do $$
declare name text;
begin
    foreach name in array array['batches', 'batch_items', 'dead_letters'] loop
        execute format('alter table %I enable row level security', name);
        execute format('alter table %I force row level security', name);
        execute format(
            'create policy tenant on %I '
            'using (tenant_id = nullif(current_setting(''app.tenant_id'', true), '''')::uuid) '
            'with check (tenant_id = nullif(current_setting(''app.tenant_id'', true), '''')::uuid)', name);
        execute format('grant select, insert, update, delete on %I to {app_role}', name);
    end loop;
end $$;

-- Housekeeping sees items whose message was lost, of every tenant: ids only.

create policy fleet on batch_items for select to current_user using (true);

create function fleet_waiting_items(older_than interval, at_most int)
returns table (tenant_id uuid, batch_id uuid, item_id uuid)
language sql stable security definer set search_path = public, pg_temp as $$
    select i.tenant_id, i.batch_id, i.item_id from batch_items i
    where i.state = 'pending' and i.updated_at < now() - older_than
    order by i.updated_at limit at_most
$$;

revoke all on function fleet_waiting_items from public;
grant execute on function fleet_waiting_items to {app_role};
