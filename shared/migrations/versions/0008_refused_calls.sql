-- A call that was refused has used nothing of the provider's limit: the slot that it took is there for another one.

create function return_model_call(which text, requests_a_minute float8) returns void
language plpgsql security definer set search_path = public, pg_temp as $$
begin
    update model_budgets
       set booked_until = booked_until - make_interval(secs => 60 / requests_a_minute),
           sent_until = sent_until - make_interval(secs => 60 / requests_a_minute)
     where deployment = which and requests_a_minute > 0;
end $$;

revoke all on function return_model_call from public;
grant execute on function return_model_call to {app_role};
