alter table reviews add column helpful int;
update reviews set helpful = 0;
