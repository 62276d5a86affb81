-- Search by words: case and accents count for nothing, and Spanish and English words are found by their stems.
-- No extension is needed for it: managed servers allow them one by one.

create function fold_text(value text) returns text language sql immutable strict parallel safe
    return lower(regexp_replace(normalize(value, nfkd), '[\u0300-\u036f]+', '', 'g'));

-- The stems of the words as they are written (the stemmers know accents), and every word without its accents.
create function passage_words(value text, language text) returns tsvector language sql immutable parallel safe
    return case language
        when 'es' then to_tsvector('pg_catalog.spanish'::regconfig, value)
        when 'en' then to_tsvector('pg_catalog.english'::regconfig, value)
        else ''::tsvector
    end || to_tsvector('pg_catalog.simple'::regconfig, fold_text(value));

alter table passages add column words tsvector generated always as (passage_words(text, language)) stored;
create index passages_by_word on passages using gin (words);

-- A day of a date that a model or a paper gave: `2026`, `2026-03` and longer ones; null for anything else.
create function first_day(value text) returns text language sql immutable parallel safe
    return case
        when value ~ '^\d{4}-\d{2}-\d{2}' then left(value, 10)
        when value ~ '^\d{4}-\d{2}$' then value || '-01'
        when value ~ '^\d{4}$' then value || '-01-01'
    end;

-- One word of a query as a search for any of its forms.
create function word_query(word text) returns tsquery language sql stable parallel safe
    return (
        select string_agg(distinct '''' || replace(replace(form, '\', '\\'), '''', '''''') || '''', ' | ')::tsquery
        from unnest(
            array[fold_text(word)] || ts_lexize('pg_catalog.spanish_stem', word) || ts_lexize('pg_catalog.english_stem', word)
        ) form
        where form <> ''
    );

-- Passages by the rarity of the query's words that they hold (Robertson and Sparck Jones' weights, as in BM25 without
-- counts and lengths: passages are short and about equally long): its share (0-1) of the rarity of the whole query.
-- With phrases only passages that hold all of them.
--
-- Row-level security keeps full-text conditions from an index, for the operator could leak what it sees. So this runs with
-- the owner's rights, names the tenant itself, and gives ids and shares, never content.
create policy fleet on passages for select to current_user using (true);

create function search_passages(
    wanted_project uuid, query text, phrases text[], languages text[], within uuid[], at_most int
) returns table (passage_id uuid, share double precision)
language sql stable security definer set search_path = public, pg_temp as $$
    with tenant as materialized (
        select nullif(current_setting('app.tenant_id', true), '')::uuid as id
    ), size as materialized (
        select count(*) as n from passages p where p.tenant_id = (select id from tenant) and p.project_id = wanted_project
    ), words as materialized (
        select lexeme, word_query(lexeme) as forms,
            ts_lexize('pg_catalog.spanish_stem', lexeme) = '{}' or ts_lexize('pg_catalog.english_stem', lexeme) = '{}' as stop
        from unnest(to_tsvector('pg_catalog.simple', query))
    ), spoken as materialized (
        -- Words that say nothing count only where there are no others. Each costs a look, and the long ones tell most.
        select * from words where not stop or not exists (select 1 from words where not stop)
        order by length(lexeme) desc, lexeme limit 40
    ), counted as materialized (
        select s.forms, (
            select count(*) from passages p
            where p.tenant_id = (select id from tenant) and p.project_id = wanted_project and p.words @@ s.forms
        ) as found
        from spoken s
    ), weighed as materialized (
        select forms, found, ln(1 + (n - found + 0.5) / (found + 0.5)) as rarity,
            -- In a large project a word of every fifth passage costs much and tells little.
            found <= greatest(1000, n / 5) as telling
        from counted, size
    ), chosen as materialized (
        select forms, rarity from weighed
        where found > 0 and (telling or not exists (select 1 from weighed where found > 0 and telling))
    ), needle as materialized (
        select case
            when cardinality(phrases) = 0 then (select string_agg('(' || forms::text || ')', ' | ')::tsquery from chosen)
            else (select string_agg('(' || phraseto_tsquery('pg_catalog.simple', fold_text(phrase))::text || ')', ' & ')::tsquery
                  from unnest(phrases) phrase)
        end as query
    )
    select p.passage_id, coalesce(
        (select sum(rarity) from chosen where p.words @@ forms) / (select sum(rarity) from weighed), 0)::double precision as share
    from passages p
    where p.tenant_id = (select id from tenant) and p.project_id = wanted_project
      and p.words @@ (select needle.query from needle)
      and (languages is null or p.language = any (languages))
      and (within is null or p.document_id = any (within))
      and not exists (
          select 1 from unnest(phrases) phrase
          where position(fold_text(phrase) in regexp_replace(fold_text(p.text), '\s+', ' ', 'g')) = 0)
    order by share desc, p.passage_id
    limit at_most
$$;

revoke all on function search_passages from public;
grant execute on function search_passages, word_query, passage_words, fold_text, first_day to {app_role};
