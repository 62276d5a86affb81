-- E-mails and archives hold documents. `root_id` is the upload that a document came out of first, `depth` how far
-- below it lies (0: it was uploaded itself), `member_count` how many files lie in it, `scan` what the scanner said.

alter table documents
    add column depth smallint not null default 0,
    add column root_id uuid,
    add column member_count int,
    add column scan jsonb;
create index documents_by_root on documents (root_id) where root_id is not null;

-- The files in a container, those that could not be taken out too: these have an error and no document.
create table document_members (
    parent_id uuid not null references documents on delete cascade,
    ordinal int not null,
    tenant_id uuid not null,
    project_id uuid not null,
    child_id uuid references documents on delete set null,
    path text not null,
    error_code text,
    error_message text,
    primary key (parent_id, ordinal)
);
create index document_members_by_child on document_members (child_id);

alter table document_members enable row level security;
alter table document_members force row level security;
create policy tenant on document_members
    using (tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid)
    with check (tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid);
grant select, insert, update, delete on document_members to {app_role};
