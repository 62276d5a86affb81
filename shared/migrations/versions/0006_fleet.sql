-- Counters of the whole fleet. They are counted from the events that the stages write anyway, in their own transactions:
-- so they are right whatever dies, and no instance counts for itself. Events older than ten minutes are summed up once;
-- a question adds those that came after.

create index stage_events_by_time on stage_events (at);
create policy fleet on stage_events for select to current_user using (true);

-- `metric`: items (doc_type, status), errors (stage, error code), seconds and runs of a stage (stage, ''), and bucket
-- (stage, upper bound in seconds; cumulative, as Prometheus has it).

-- The app has no right to these tables: it reaches them through the functions below.

create table fleet_totals (
    tenant_id uuid not null,
    metric text not null,
    label text not null,
    detail text not null,
    value float8 not null,
    primary key (tenant_id, metric, label, detail)
);

create table fleet_summed (
    single boolean primary key default true check (single),
    until timestamptz not null default '-infinity'
);
insert into fleet_summed default values;

create function fleet_counts(after timestamptz, until timestamptz)
returns table (tenant_id uuid, metric text, label text, detail text, value float8)
language sql stable as $$
    with events as materialized (
        select e.tenant_id, e.stage, e.status, e.duration_ms / 1000.0 as seconds, e.detail ->> 'error_code' as error, e.document_id
          from stage_events e where e.at > after and e.at <= until
    ),
    buckets (bound) as (values (0.1), (0.5), (1), (2.5), (5), (10), (30), (60), (120), (300), (900), (3600))
    select e.tenant_id, 'items', coalesce(d.type, 'unknown'), e.status, count(*)::float8
      from events e join documents d using (document_id)
     where e.status in ('completed', 'rejected', 'needs_review') or e.status like '%\_failed' group by 1, 3, 4
    union all
    select e.tenant_id, 'errors', e.stage, e.error, count(*)::float8 from events e where e.error is not null group by 1, 3, 4
    union all
    select e.tenant_id, 'seconds', e.stage, '', sum(e.seconds)::float8 from events e where e.seconds is not null group by 1, 3
    union all
    select e.tenant_id, 'runs', e.stage, '', count(*)::float8 from events e where e.seconds is not null group by 1, 3
    union all
    select e.tenant_id, 'bucket', e.stage, b.bound::text, count(*)::float8
      from events e join buckets b on e.seconds <= b.bound group by 1, 3, 4
$$;

create function fleet_sum_up() returns void
language plpgsql security definer set search_path = public, pg_temp as $$
declare
    was timestamptz;
    now_until timestamptz := now() - interval '10 minutes';  -- no transaction takes that long: what is older is all there
begin
    select s.until into was from fleet_summed s for update skip locked;
    if was is null or was >= now_until - interval '1 minute' then
        return;
    end if;
    insert into fleet_totals as t select * from fleet_counts(was, now_until)
    on conflict (tenant_id, metric, label, detail) do update set value = t.value + excluded.value;
    update fleet_summed set until = now_until;
end $$;

create function fleet_metrics() returns table (tenant_id uuid, metric text, label text, detail text, value float8)
language sql stable security definer set search_path = public, pg_temp as $$
    select c.tenant_id, c.metric, c.label, c.detail, sum(c.value) from (
        select * from fleet_totals
        union all
        select f.* from fleet_summed s, fleet_counts(s.until, 'infinity') f
    ) c group by 1, 2, 3, 4 order by 2, 1, 3, 4
$$;

create function fleet_queues() returns table (queue text, waiting bigint)
language sql stable security definer set search_path = public, pg_temp as $$
    select 'document-imports', count(*) from documents where status = 'pending'
    union all
    select 'theory-requests', count(*) from runs where status = 'queued'
$$;

-- Signals that alert rules look at: (name, what it is about, value), over the last `span`. A share of very few things
-- says nothing, so below `at_least` of them there is no signal.

create function fleet_signals(span interval, at_least int) returns table (signal text, subject text, value float8)
language sql stable security definer set search_path = public, pg_temp as $$
    select 'queue_depth', q.queue, q.waiting::float8 from fleet_queues() q
    union all
    select 'error_rate', 'imports',
           count(*) filter (where e.detail ? 'error_code' and e.status <> 'rejected')::float8 / count(*)
      from stage_events e
     where e.at > now() - span and (e.duration_ms is not null or e.detail ? 'error_code')
    having count(*) >= at_least
    union all
    select 'stage_p95_seconds', e.stage, percentile_cont(0.95) within group (order by e.duration_ms) / 1000
      from stage_events e where e.at > now() - span and e.duration_ms is not null
     group by e.stage having count(*) >= at_least
$$;

revoke all on function fleet_counts, fleet_sum_up, fleet_metrics, fleet_queues, fleet_signals from public;
grant execute on function fleet_sum_up, fleet_metrics, fleet_queues, fleet_signals to {app_role};

-- The revision that the tables are at, for checks: the app cannot read Alembic's own table.

create function fleet_revision() returns text
language sql stable security definer set search_path = public, pg_temp as $$
    select version_num from alembic_version
$$;
revoke all on function fleet_revision from public;
grant execute on function fleet_revision to {app_role};
