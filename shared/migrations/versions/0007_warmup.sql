-- What each worker process found when it warmed up. It belongs to no tenant; the app reaches it through the functions
-- below. A process that has not been seen for 15 minutes no longer counts, and its row goes after a day.

create table fleet_warmth (
    process text primary key,
    ready boolean not null,
    duration_sec float8 not null,
    latency_ms int,
    errors int not null,
    checks jsonb not null,
    seen timestamptz not null default now()
);

create function fleet_record_warmth(process text, ready boolean, duration_sec float8, latency_ms int, errors int, checks jsonb)
returns void
language sql security definer set search_path = public, pg_temp as $$
    delete from fleet_warmth where seen < now() - interval '1 day';
    insert into fleet_warmth as w (process, ready, duration_sec, latency_ms, errors, checks)
    values ($1, $2, $3, $4, $5, $6)
    on conflict (process) do update set ready = excluded.ready, duration_sec = excluded.duration_sec,
        latency_ms = excluded.latency_ms, errors = excluded.errors, checks = excluded.checks, seen = now()
$$;

create function fleet_warmups()
returns table (process text, ready boolean, duration_sec float8, latency_ms int, checks jsonb, seen timestamptz)
language sql stable security definer set search_path = public, pg_temp as $$
    select w.process, w.ready, w.duration_sec, w.latency_ms, w.checks, w.seen
      from fleet_warmth w where w.seen > now() - interval '15 minutes' order by w.seen desc, w.process
$$;

-- Signals for alert rules, as `fleet_signals` has them.

create function fleet_warmup_signals() returns table (signal text, subject text, value float8)
language sql stable security definer set search_path = public, pg_temp as $$
    select s.signal, w.process, s.value
      from fleet_warmth w
     cross join lateral (values
        ('warmup_not_ready', case when w.ready then 0.0 else 1.0 end),
        ('warmup_errors', w.errors::float8),
        ('warmup_seconds', w.duration_sec),
        ('warmup_latency_ms', w.latency_ms::float8)
     ) as s (signal, value)
     where w.seen > now() - interval '15 minutes' and s.value is not null
$$;

revoke all on function fleet_record_warmth, fleet_warmups, fleet_warmup_signals from public;
grant execute on function fleet_record_warmth, fleet_warmups, fleet_warmup_signals to {app_role};
