-- Requests of a tenant within the last minute, one row each: a sliding window that is exact.

create table tenant_requests (
    tenant_id uuid not null,
    kind text not null,
    at timestamptz not null,
    number bigint generated always as identity,
    primary key (tenant_id, kind, at, number)
);

-- What a tenant's model calls have cost, by calendar month (UTC). Kept beside the ledger in the same transaction.

create table tenant_spending (
    tenant_id uuid not null,
    month date not null,
    cost numeric(18, 6) not null default 0,
    primary key (tenant_id, month)
);

-- When each model deployment is free again. The app has no right to these two tables: it reaches them through the
-- functions below, so that one tenant's slots count for another without being seen.

create table model_budgets (
    deployment text primary key,
    booked_until timestamptz not null default '-infinity',  -- the next slot that nobody has booked, by requests
    tokens_until timestamptz not null default '-infinity',  -- the same by tokens
    sent_until timestamptz not null default '-infinity',    -- requests that really went out, at their rate
    held_until timestamptz not null default '-infinity'     -- the provider has asked everybody to wait
);

-- Slots that were booked and not used yet: whoever asks again under the same key finds its own.

create table model_slots (
    deployment text not null,
    tenant_id uuid not null,
    key text not null,
    at timestamptz not null,
    primary key (deployment, tenant_id, key)
);
create index model_slots_by_time on model_slots (deployment, at);

do $$
declare name text;
begin
    foreach name in array array['tenant_requests', 'tenant_spending'] loop
        execute format('alter table %I enable row level security', name);
        execute format('alter table %I force row level security', name);
        execute format(
            'create policy tenant on %I '
            'using (tenant_id = nullif(current_setting(''app.tenant_id'', true), '''')::uuid) '
            'with check (tenant_id = nullif(current_setting(''app.tenant_id'', true), '''')::uuid)', name);
    end loop;
end $$;
grant select, insert, update, delete on tenant_requests, tenant_spending to {app_role};

-- Ask for leave to call a deployment. Gives the seconds to wait (0: go now) and whether a slot is kept under `key`.
--
-- Slots lie one interval apart (GCRA, ITU-T I.371: a theoretical arrival time for each limit). Of the next
-- `horizon` seconds a tenant may book its share, by the number of tenants that have slots: so one with a thousand
-- documents leaves room for one with a single document. Who gets no slot is told when to ask again. A slot is good for
-- `horizon` seconds, and what really goes out is metered on its own, so late comers in a crowd do not come all at once.

create function reserve_model_call(
    which text, tenant uuid, call_key text, tokens int, requests_a_minute float8, tokens_a_minute float8, horizon float8,
    out wait float8, out booked boolean
) language plpgsql security definer set search_path = public, pg_temp as $$
declare
    moment timestamptz;
    budget model_budgets;
    step interval := case when requests_a_minute > 0 then make_interval(secs => 60 / requests_a_minute) else interval '0' end;
    token_step interval := case when tokens_a_minute > 0 then make_interval(secs => 60 * tokens / tokens_a_minute) else interval '0' end;
    ahead interval := make_interval(secs => horizon);
    slot timestamptz;
    mine int;
    others int;
begin
    insert into model_budgets (deployment) values (which) on conflict do nothing;
    select * into budget from model_budgets where deployment = which for update;
    moment := clock_timestamp();
    delete from model_slots s where s.deployment = which and s.at < moment - ahead;
    select s.at into slot from model_slots s
     where s.deployment = which and s.tenant_id = tenant and s.key = call_key;

    if slot is null then
        select count(*) filter (where s.tenant_id = tenant), count(distinct s.tenant_id) filter (where s.tenant_id <> tenant)
          into mine, others from model_slots s where s.deployment = which;
        -- Providers count tokens by the minute: a quarter of one may come at once.
        slot := greatest(budget.booked_until, budget.tokens_until - interval '15 seconds', budget.held_until, moment);
        if slot > moment and (slot > moment + ahead or mine * step >= ahead / (others + 1)) then
            -- Between half the horizon and all of it, by the key: not everybody at once.
            wait := horizon * (0.5 + (abs(hashtextextended(call_key, 0)::numeric) % 1000)::float8 / 2000);
            booked := false;
            return;
        end if;
        update model_budgets set
            booked_until = greatest(booked_until, slot) + step, tokens_until = greatest(tokens_until, moment) + token_step
         where deployment = which;
        insert into model_slots values (which, tenant, call_key, slot);
    end if;

    booked := true;
    wait := extract(epoch from greatest(slot, budget.held_until) - moment);
    if wait <= 0 and budget.sent_until > moment + interval '1 second' then
        wait := extract(epoch from budget.sent_until - moment) - 1;
    end if;
    if wait <= 0 then
        wait := 0;
        delete from model_slots s where s.deployment = which and s.tenant_id = tenant and s.key = call_key;
        update model_budgets set sent_until = greatest(sent_until, moment) + step where deployment = which;
    end if;
end $$;

-- Tokens that were reserved and not used come back; more than was reserved is taken (`tokens` negative).

create function refund_model_tokens(which text, tokens int, tokens_a_minute float8) returns void
language sql security definer set search_path = public, pg_temp as $$
    update model_budgets
       set tokens_until = tokens_until - make_interval(secs => 60 * tokens / tokens_a_minute)
     where deployment = which and tokens_a_minute > 0
$$;

-- The provider has asked for a pause: it holds for everybody.

create function hold_model(which text, seconds float8) returns void
language sql security definer set search_path = public, pg_temp as $$
    insert into model_budgets as b (deployment, held_until) values (which, clock_timestamp() + make_interval(secs => seconds))
    on conflict (deployment) do update set held_until = greatest(b.held_until, excluded.held_until)
$$;

revoke all on function reserve_model_call, refund_model_tokens, hold_model from public;
grant execute on function reserve_model_call, refund_model_tokens, hold_model to {app_role};
