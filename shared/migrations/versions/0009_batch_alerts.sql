-- Operators hear of batches that fail in parts. A batch is no sample, so its share counts however small it is.

create index batch_items_refused on batch_items (updated_at) where state = 'refused';
create policy fleet on dead_letters for select to current_user using (true);

create or replace function fleet_queues() returns table (queue text, waiting bigint)
language sql stable security definer set search_path = public, pg_temp as $$
    select 'document-imports', count(*) from documents where status = 'pending'
    union all
    select 'theory-requests', count(*) from runs where status = 'queued'
    union all
    select 'dead-letters', count(*) from dead_letters where state = 'open'
$$;

-- Waiting for one's turn at a provider that has a limit is no failure: a batch that keeps a limit would be one long alert.
create or replace function fleet_signals(span interval, at_least int) returns table (signal text, subject text, value float8)
language sql stable security definer set search_path = public, pg_temp as $$
    select 'queue_depth', q.queue, q.waiting::float8 from fleet_queues() q
    union all
    select 'error_rate', 'imports',
           count(*) filter (where e.detail ? 'error_code' and e.status <> 'rejected')::float8 / count(*)
      from stage_events e
     where e.at > now() - span and (e.duration_ms is not null or e.detail ? 'error_code')
       and not (e.status = 'retrying' and e.detail ->> 'error_code' = 'rate_limit')
    having count(*) >= at_least
    union all
    select 'stage_p95_seconds', e.stage, percentile_cont(0.95) within group (order by e.duration_ms) / 1000
      from stage_events e where e.at > now() - span and e.duration_ms is not null
     group by e.stage having count(*) >= at_least
$$;

-- What failed in it of late decides whether a batch is looked at; then all of it counts, as in its status.
create function fleet_batch_signals(span interval) returns table (signal text, subject text, value float8, tenant_id uuid)
language sql stable security definer set search_path = public, pg_temp as $$
    with looked_at as (
        select i.batch_id from stage_events e join batch_items i using (document_id)
         where e.at > now() - span and (e.status = 'rejected' or e.status like '%\_failed')
        union
        select i.batch_id from batch_items i where i.state = 'refused' and i.updated_at > now() - span
    )
    select 'batch_failed_share', i.batch_id::text,
           count(*) filter (
               where i.state = 'refused' or d.status = 'rejected' or d.status like '%\_failed')::float8 / count(*),
           i.tenant_id
      from looked_at join batch_items i using (batch_id) left join documents d on d.document_id = i.document_id
     group by i.batch_id, i.tenant_id
$$;

revoke all on function fleet_batch_signals from public;
grant execute on function fleet_batch_signals to {app_role};
