alter table recipes add column words int generated always as (length(method)) stored;
