-- No statement names it any more: the release before this one did without it.
alter table tags drop column legacy;
