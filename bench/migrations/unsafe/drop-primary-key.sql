alter table recipes drop constraint recipes_pkey;
