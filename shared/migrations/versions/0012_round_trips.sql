-- What a stage does to its document's row, and what the ledger does with a call, each in one round trip: the function names
-- the tenant itself, for the transaction that it runs in. All run with the caller's rights: row-level security holds in them as
-- in any other statement, and whoever calls them could have named the tenant with `set_config` just as well.

-- The document as it was before, with the stage running; untouched where it has a status of `behind`. No row: no such document.
create function begin_stage(tenant uuid, id uuid, stage_name text, running text, behind text[]) returns setof documents
language plpgsql set search_path = public, pg_temp as $$
declare
    document documents;
begin
    perform set_config('app.tenant_id', tenant::text, true);
    select * into document from documents d where d.document_id = id and d.tenant_id = tenant for update;
    if not found then
        return;
    end if;
    if document.status <> all (behind || running) then
        update documents set status = running, stage = stage_name, error_code = null, error_message = null, updated_at = now()
         where document_id = id and tenant_id = tenant;
        insert into stage_events (document_id, tenant_id, stage, status) values (id, tenant, stage_name, running);
    end if;
    return next document;
end $$;

-- The stage's duration in milliseconds, from when it first began, waits and retries included. Unless it still runs in that attempt
-- nothing happens, and null comes back.
create function finish_stage(
    tenant uuid, id uuid, of_attempt int, stage_name text, running text, done text, reached int, about jsonb
) returns int language plpgsql set search_path = public, pg_temp as $$
declare
    took int;
begin
    perform set_config('app.tenant_id', tenant::text, true);
    update documents set status = done, stage = stage_name, progress = greatest(progress, reached), error_code = null,
        error_message = null, updated_at = now()
     where document_id = id and tenant_id = tenant and status = running and attempt = of_attempt;
    if not found then
        return null;
    end if;
    insert into stage_events (document_id, tenant_id, stage, status, detail, duration_ms)
    select id, tenant, stage_name, done, about, (extract(epoch from clock_timestamp() - min(at)) * 1000)::int from stage_events
     where document_id = id and tenant_id = tenant and stage = stage_name and event_id > coalesce(
         (select max(event_id) from stage_events r where r.document_id = id and r.stage = 'registered'), 0)
    returning duration_ms into took;
    return took;
end $$;

-- Progress within a stage that still runs in that attempt, and whether it does; what it failed at before is over.
create function advance_stage(tenant uuid, id uuid, of_attempt int, running text, reached int) returns boolean
language plpgsql set search_path = public, pg_temp as $$
begin
    perform set_config('app.tenant_id', tenant::text, true);
    update documents set progress = greatest(progress, reached), error_code = null, error_message = null, updated_at = now()
     where document_id = id and tenant_id = tenant and status = running and attempt = of_attempt;
    return found;
end $$;

create function find_model_call(tenant uuid, call_key text) returns setof model_calls
language plpgsql set search_path = public, pg_temp as $$
begin
    perform set_config('app.tenant_id', tenant::text, true);
    return query select * from model_calls where tenant_id = tenant and key = call_key and state = 'answered';
end $$;

-- A line before the call; one that was answered stays as it is.
create function begin_model_call(
    tenant uuid, call_key text, project uuid, why text, which text, version text, input text
) returns void language plpgsql set search_path = public, pg_temp as $$
begin
    perform set_config('app.tenant_id', tenant::text, true);
    insert into model_calls as m (tenant_id, key, project_id, purpose, deployment, prompt_version, input_sha256, state)
    values (tenant, call_key, project, why, which, version, input, 'asked')
    on conflict (tenant_id, key) do update set attempts = m.attempts + 1, asked_at = now(), state = 'asked'
     where m.state <> 'answered';
end $$;

-- The first answer stays, and what it cost is added once to what the tenant has spent in the month.
create function finish_model_call(
    tenant uuid, call_key text, said text, by_model text, in_region text, prompt int, completion int, cached int, price numeric
) returns void language plpgsql set search_path = public, pg_temp as $$
begin
    perform set_config('app.tenant_id', tenant::text, true);
    update model_calls set state = 'answered', answer = said, model = by_model, region = in_region, prompt_tokens = prompt,
        completion_tokens = completion, cached_tokens = cached, cost = price, error_code = null, answered_at = now()
     where tenant_id = tenant and key = call_key and state <> 'answered';
    if found and price > 0 then
        insert into tenant_spending as s (tenant_id, month, cost)
        values (tenant, date_trunc('month', now() at time zone 'utc')::date, price)
        on conflict (tenant_id, month) do update set cost = s.cost + excluded.cost;
    end if;
end $$;
