-- Embeddings of a model, one a text, so that a document that is cut anew pays for new passages only. `vector` is half-precision
-- numbers, two bytes each, little-endian; `call_key` is the call in `model_calls` that brought it. Random digits: nothing to compress.

create table embeddings (
    tenant_id uuid not null,
    embedder text not null,
    text_sha256 bytea not null,
    vector bytea not null,
    call_key text not null,
    primary key (tenant_id, embedder, text_sha256)
);
alter table embeddings alter column vector set storage external;

-- What was asked of each deployment, for what and by whom: kept beside the ledger in the same transaction, since counting
-- the ledger takes longer with every call. Metrics read it.

create table model_usage (
    tenant_id uuid not null,
    deployment text not null,
    purpose text not null,
    calls bigint not null default 0,
    tokens bigint not null default 0,
    cost numeric(18, 6) not null default 0,
    primary key (tenant_id, deployment, purpose)
);

-- As in 0012, and the sum of use with it.
create or replace function finish_model_call(
    tenant uuid, call_key text, said text, by_model text, in_region text, prompt int, completion int, cached int, price numeric
) returns void language plpgsql set search_path = public, pg_temp as $$
declare
    call model_calls;
begin
    perform set_config('app.tenant_id', tenant::text, true);
    update model_calls set state = 'answered', answer = said, model = by_model, region = in_region, prompt_tokens = prompt,
        completion_tokens = completion, cached_tokens = cached, cost = price, error_code = null, answered_at = now()
     where tenant_id = tenant and key = call_key and state <> 'answered' returning * into call;
    if not found then
        return;
    end if;
    insert into model_usage as u (tenant_id, deployment, purpose, calls, tokens, cost)
    values (tenant, call.deployment, call.purpose, 1, prompt + completion, coalesce(price, 0))
    on conflict (tenant_id, deployment, purpose) do update
       set calls = u.calls + 1, tokens = u.tokens + excluded.tokens, cost = u.cost + excluded.cost;
    if price > 0 then
        insert into tenant_spending as s (tenant_id, month, cost)
        values (tenant, date_trunc('month', now() at time zone 'utc')::date, price)
        on conflict (tenant_id, month) do update set cost = s.cost + excluded.cost;
    end if;
end $$;

create policy counting on model_calls for select to current_user using (true);
insert into model_usage
select tenant_id, deployment, purpose, count(*),
       coalesce(sum(coalesce(prompt_tokens, 0) + coalesce(completion_tokens, 0)), 0), coalesce(sum(cost), 0)
  from model_calls where state = 'answered' group by 1, 2, 3;
drop policy counting on model_calls;

do $$
declare name text;
begin
    foreach name in array array['embeddings', 'model_usage'] loop
        execute format('alter table %I enable row level security', name);
        execute format('alter table %I force row level security', name);
        execute format(
            'create policy tenant on %I '
            'using (tenant_id = nullif(current_setting(''app.tenant_id'', true), '''')::uuid) '
            'with check (tenant_id = nullif(current_setting(''app.tenant_id'', true), '''')::uuid)', name);
        execute format('grant select, insert, update, delete on %I to {app_role}', name);
    end loop;
end $$;

create policy fleet on model_usage for select to current_user using (true);

create function fleet_model_usage() returns table (tenant_id uuid, metric text, label text, detail text, value float8)
language sql stable security definer set search_path = public, pg_temp as $$
    select u.tenant_id, m.metric, u.deployment, u.purpose, m.value from model_usage u,
    lateral (values ('model_calls', u.calls::float8), ('model_tokens', u.tokens::float8), ('model_cost', u.cost::float8)) m (metric, value)
    order by 2, 1, 3, 4
$$;
revoke all on function fleet_model_usage from public;
grant execute on function fleet_model_usage to {app_role};
