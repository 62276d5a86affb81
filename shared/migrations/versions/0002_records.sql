-- Records: what offices read, what people corrected, and who holds a number that can be there only once.

-- Where the next import of a document begins; null is the beginning. What lies before that stage is done.
alter table documents add column resume_stage text;

alter table records
    add column version int not null default 1,
    add column published_at timestamptz;
create index records_by_project on records (project_id, document_id);

-- Amounts are exact and of any size: a misread amount must reach the person who can correct it, not fail at a column.
alter table invoices
    alter column currency type text, alter column net type numeric, alter column tax type numeric, alter column total type numeric;
alter table expenses
    alter column currency type text, alter column net type numeric, alter column tax type numeric, alter column total type numeric;

do $$
declare name text;
begin
    foreach name in array array['invoices', 'expenses'] loop
        execute format(
            'alter table %I '
            'add column country text, add column credit boolean not null default false, '
            'add column seller_address text, add column seller_country text, '
            'add column buyer_address text, add column buyer_country text, '
            'add column prices_include_tax boolean not null default false, '
            'add column line_total numeric, add column withheld numeric, add column rounding numeric, '
            'add column prepaid numeric, add column due numeric, '
            'add column iban text, add column account text', name);
        execute format('create index %I on %I (project_id, issue_date)', name || '_by_project', name);
    end loop;
end $$;
alter table invoices add foreign key (document_id) references documents on delete cascade;

alter table bank_transactions
    alter column currency type text,
    alter column amount type numeric,
    add column value_date date,
    add column reference text,
    add column counterparty text,
    add column code text,
    add column iban text,
    add column account text,
    add column country text;
create index bank_transactions_by_project on bank_transactions (project_id, booked_on);

-- Parts of what is in `invoices` or `expenses`, as rows: offices add them up in SQL.

create table invoice_lines (
    document_id uuid not null references documents on delete cascade,
    ordinal int not null,
    tenant_id uuid not null,
    project_id uuid not null,
    description text,
    quantity numeric,
    unit text,
    unit_price numeric,
    discount numeric,
    amount numeric,
    tax_rate numeric,
    primary key (document_id, ordinal)
);

create table invoice_taxes (
    document_id uuid not null references documents on delete cascade,
    ordinal int not null,
    tenant_id uuid not null,
    project_id uuid not null,
    kind text,
    category text,
    rate numeric,
    base numeric,
    amount numeric,
    withheld boolean not null default false,
    primary key (document_id, ordinal)
);

create table invoice_adjustments (
    document_id uuid not null references documents on delete cascade,
    ordinal int not null,
    tenant_id uuid not null,
    project_id uuid not null,
    amount numeric,
    charge boolean not null default false,
    reason text,
    primary key (document_id, ordinal)
);

-- What people changed, and which findings they accepted. `version` is the record's after the change.

create table record_corrections (
    document_id uuid not null references documents on delete cascade,
    version int not null,
    field text not null,
    tenant_id uuid not null,
    old_value jsonb,
    new_value jsonb,
    by_subject text not null,
    at timestamptz not null default now(),
    primary key (document_id, version, field)
);

create table record_waivers (
    document_id uuid not null references documents on delete cascade,
    version int not null,
    ordinal int not null,
    tenant_id uuid not null,
    field text not null,
    rule text not null,
    value text not null,
    message text not null,
    reason text not null,
    by_subject text not null,
    at timestamptz not null default now(),
    primary key (document_id, version, ordinal)
);

-- The first document with a key (seller, number, date, total) holds it; the next one is a duplicate of that.
create table record_claims (
    project_id uuid not null,
    claim uuid not null,
    document_id uuid not null references documents on delete cascade,
    tenant_id uuid not null,
    primary key (project_id, claim)
);
create index record_claims_by_document on record_claims (document_id);

do $$
declare name text;
begin
    foreach name in array array[
        'invoice_lines', 'invoice_taxes', 'invoice_adjustments', 'record_corrections', 'record_waivers', 'record_claims'
    ] loop
        execute format('alter table %I enable row level security', name);
        execute format('alter table %I force row level security', name);
        execute format(
            'create policy tenant on %I '
            'using (tenant_id = nullif(current_setting(''app.tenant_id'', true), '''')::uuid) '
            'with check (tenant_id = nullif(current_setting(''app.tenant_id'', true), '''')::uuid)', name);
        execute format('grant select, insert, update, delete on %I to {app_role}', name);
    end loop;
end $$;
