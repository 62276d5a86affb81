-- Row-level security on every table, for owners too; the app's role gets rows of the tenant that its transaction names.

do $$
declare name text;
begin
    foreach name in array array[
        'tenants', 'projects', 'project_members', 'documents', 'document_names', 'stage_events', 'pages', 'passages',
        'records', 'invoices', 'expenses', 'bank_transactions', 'runs', 'project_leases', 'codes', 'code_merges',
        'code_applications', 'passage_codings', 'categories', 'category_codes', 'relations', 'theories', 'propositions',
        'evidence', 'memos', 'model_calls'
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

-- Housekeeping sees the fleet through functions that return ids, never content.

create policy fleet on documents for select to current_user using (true);
create policy fleet on runs for select to current_user using (true);

create function fleet_waiting_documents(older_than interval, at_most int)
returns table (tenant_id uuid, project_id uuid, document_id uuid, attempt int)
language sql stable security definer set search_path = public, pg_temp as $$
    select d.tenant_id, d.project_id, d.document_id, d.attempt from documents d
    where d.status = 'pending' and d.updated_at < now() - older_than
       -- an import says something at least every quarter of an hour, so one that has been silent for an hour has stalled
       or d.status not in ('completed', 'rejected', 'needs_review') and d.status not like '%\_failed'
          and d.updated_at < now() - interval '1 hour'
    order by d.updated_at limit at_most
$$;

create function fleet_waiting_runs(older_than interval, at_most int)
returns table (tenant_id uuid, project_id uuid, run_id uuid)
language sql stable security definer set search_path = public, pg_temp as $$
    select r.tenant_id, r.project_id, r.run_id from runs r
    where r.status = 'queued' and r.created_at < now() - older_than
    order by r.created_at limit at_most
$$;

revoke all on function fleet_waiting_documents, fleet_waiting_runs from public;
grant execute on function fleet_waiting_documents, fleet_waiting_runs to {app_role};
