-- The first tables. Every table belongs to a tenant and is guarded by forced row-level security (end of file).

create table tenants (
    tenant_id uuid primary key,
    created_at timestamptz not null default now()
);

create table projects (
    project_id uuid primary key,
    tenant_id uuid not null references tenants,
    owner_id text not null,
    name text not null,
    language text not null,
    research_question text not null default '',
    idempotency_key text,
    created_at timestamptz not null default now(),
    unique (tenant_id, idempotency_key)
);

create table project_members (
    project_id uuid not null references projects on delete cascade,
    tenant_id uuid not null,
    subject text not null,
    primary key (project_id, subject)
);

create table documents (
    document_id uuid primary key,
    tenant_id uuid not null,
    project_id uuid not null references projects on delete cascade,
    name text not null,
    sha256 text not null,
    size bigint not null,
    media_type text,
    status text not null default 'pending',
    stage text not null default 'registered',
    progress smallint not null default 0,
    attempt int not null default 0,
    type text,
    type_confidence real,
    language text,
    page_count int,
    description jsonb,
    warnings jsonb not null default '[]',
    error_code text,
    error_message text,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    unique (project_id, sha256)
);
create index documents_by_project on documents (project_id, document_id);
create index documents_waiting on documents (updated_at) where status = 'pending';

create table document_names (
    document_id uuid not null references documents on delete cascade,
    tenant_id uuid not null,
    name text not null,
    first_seen timestamptz not null default now(),
    primary key (document_id, name)
);

create table stage_events (
    event_id bigint generated always as identity primary key,
    document_id uuid not null references documents on delete cascade,
    tenant_id uuid not null,
    stage text not null,
    status text not null,
    detail jsonb not null default '{}',
    duration_ms int,
    at timestamptz not null default now()
);
create index stage_events_by_document on stage_events (document_id, event_id);

create table pages (
    document_id uuid not null references documents on delete cascade,
    tenant_id uuid not null,
    number int not null,
    source text not null,
    confidence real not null,
    rotated smallint not null default 0,
    start_offset int not null,
    end_offset int not null,
    problem text,
    primary key (document_id, number)
);

create table passages (
    passage_id uuid primary key,
    tenant_id uuid not null,
    project_id uuid not null references projects on delete cascade,
    document_id uuid not null references documents on delete cascade,
    ordinal int not null,
    start_offset int not null,
    end_offset int not null,
    context_start int not null,
    page int not null,
    speaker text,
    language text not null,
    text text not null,
    search_text text not null,
    runs jsonb not null,
    embedded_with text,
    unique (document_id, ordinal)
);
create index passages_by_project on passages (project_id, document_id, ordinal);

-- Business records, and the tables that offices read.

create table records (
    document_id uuid primary key references documents on delete cascade,
    tenant_id uuid not null,
    project_id uuid not null,
    kind text not null,
    record jsonb not null,
    findings jsonb not null default '[]',
    updated_at timestamptz not null default now()
);

create table invoices (
    document_id uuid primary key references documents on delete cascade,
    tenant_id uuid not null,
    project_id uuid not null,
    number text,
    issue_date date,
    due_date date,
    seller text,
    seller_tax_id text,
    buyer text,
    buyer_tax_id text,
    currency char(3),
    net numeric(18, 4),
    tax numeric(18, 4),
    total numeric(18, 4),
    published_at timestamptz not null default now()
);

create table expenses (like invoices including all);
alter table expenses add foreign key (document_id) references documents on delete cascade;

create table bank_transactions (
    document_id uuid not null references documents on delete cascade,
    ordinal int not null,
    tenant_id uuid not null,
    project_id uuid not null,
    booked_on date,
    amount numeric(18, 4),
    currency char(3),
    description text,
    primary key (document_id, ordinal)
);

-- Runs and the lease that lets one run at a time work on a project.

create table runs (
    run_id uuid primary key,
    tenant_id uuid not null,
    project_id uuid not null references projects on delete cascade,
    kind text not null,
    status text not null default 'queued',
    step text,
    progress smallint not null default 0,
    request jsonb not null default '{}',
    token uuid not null,
    created_by text not null,
    theory_id uuid,
    error_code text,
    error_message text,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    finished_at timestamptz
);
create index runs_by_project on runs (project_id, created_at);
create index runs_waiting on runs (created_at) where status = 'queued';

create table project_leases (
    project_id uuid primary key references projects on delete cascade,
    tenant_id uuid not null,
    run_id uuid not null,
    token uuid not null,
    expires_at timestamptz not null
);

-- The codebook. A merged code stays on record and points to the code that it went into.

create table codes (
    code_id uuid primary key,
    tenant_id uuid not null,
    project_id uuid not null references projects on delete cascade,
    label text not null,
    normalised_label text not null,
    definition text not null,
    state text not null default 'active' check (state in ('active', 'merged', 'set_aside')),
    merged_into uuid references codes,
    coder text not null,
    run_id uuid not null,
    created_at timestamptz not null default now(),
    unique (project_id, normalised_label)
);

create table code_merges (
    merged uuid not null references codes,
    kept uuid not null references codes,
    run_id uuid not null,
    tenant_id uuid not null,
    reason text not null,
    at timestamptz not null default now(),
    primary key (run_id, merged)
);

create table code_applications (
    application_id uuid primary key,
    tenant_id uuid not null,
    project_id uuid not null,
    code_id uuid not null references codes,
    document_id uuid not null references documents on delete cascade,
    passage_id uuid not null references passages on delete cascade,
    run_id uuid not null,
    start_offset int not null,
    end_offset int not null,
    page int not null,
    quote text not null,
    match text not null check (match in ('exact', 'normalised', 'ellipsis')),
    rationale text not null,
    coder text not null,
    model text not null,
    prompt_version text not null,
    created_at timestamptz not null default now(),
    check (end_offset > start_offset)
);
create index applications_by_code on code_applications (code_id);
create index applications_by_document on code_applications (project_id, document_id, coder);

-- What became of each passage with each coder: coded, or not covered and why; and what happened to its quotes.
create table passage_codings (
    passage_id uuid not null references passages on delete cascade,
    coder text not null,
    tenant_id uuid not null,
    project_id uuid not null,
    document_id uuid not null,
    not_covered text,
    proposed int not null default 0,
    verified int not null default 0,
    repaired int not null default 0,
    dropped int not null default 0,
    at timestamptz not null default now(),
    primary key (passage_id, coder)
);
create index passage_codings_by_project on passage_codings (project_id, document_id, coder);

-- Axial and selective coding, theory, evidence.

create table categories (
    category_id uuid not null,
    run_id uuid not null references runs on delete cascade,
    tenant_id uuid not null,
    project_id uuid not null,
    ordinal int not null,
    label text not null,
    definition text not null,
    is_core boolean not null default false,
    rationale text not null default '',
    storyline text not null default '',
    primary key (run_id, category_id)
);

create table category_codes (
    run_id uuid not null,
    category_id uuid not null,
    code_id uuid not null references codes,
    tenant_id uuid not null,
    primary key (run_id, category_id, code_id),
    foreign key (run_id, category_id) references categories on delete cascade
);

create table relations (
    relation_id uuid primary key,
    run_id uuid not null references runs on delete cascade,
    tenant_id uuid not null,
    project_id uuid not null,
    ordinal int not null,
    source_id uuid not null,
    target_id uuid not null,
    kind text not null,
    statement text not null
);

create table theories (
    theory_id uuid primary key,
    run_id uuid not null unique references runs on delete cascade,
    tenant_id uuid not null,
    project_id uuid not null,
    title text not null,
    summary text not null,
    language text not null,
    status text not null check (status in ('final', 'suggestion')),
    analyst jsonb not null,
    coverage jsonb not null default '{}',
    created_at timestamptz not null default now()
);

create table propositions (
    proposition_id uuid primary key,
    theory_id uuid not null references theories on delete cascade,
    tenant_id uuid not null,
    ordinal int not null,
    statement text not null,
    categories jsonb not null
);

-- Evidence ties a claim (a relation or a proposition) to a verified application of a code.
create table evidence (
    evidence_id uuid primary key,
    tenant_id uuid not null,
    run_id uuid not null references runs on delete cascade,
    claim_id uuid not null,
    application_id uuid not null references code_applications on delete cascade,
    stance text not null check (stance in ('supporting', 'contradicting')),
    ordinal int not null
);
create index evidence_by_claim on evidence (claim_id, ordinal);

create table memos (
    run_id uuid not null references runs on delete cascade,
    tenant_id uuid not null,
    step text not null,
    text text not null,
    at timestamptz not null default now(),
    primary key (run_id, step)
);

-- The ledger of model calls: what was asked, of whom, when, where, and the answer, so that none is paid for twice.

create table model_calls (
    tenant_id uuid not null,
    key text not null,
    project_id uuid not null,
    purpose text not null,
    deployment text not null,
    prompt_version text not null,
    input_sha256 text not null,
    state text not null check (state in ('asked', 'answered', 'failed')),
    attempts int not null default 1,
    answer text,
    model text,
    region text,
    prompt_tokens int,
    completion_tokens int,
    cached_tokens int,
    cost numeric(18, 6),
    error_code text,
    asked_at timestamptz not null default now(),
    answered_at timestamptz,
    primary key (tenant_id, key)
);
create index model_calls_by_project on model_calls (project_id, asked_at);
