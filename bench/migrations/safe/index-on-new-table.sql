create table badges (id bigint generated always as identity primary key, cook_id int not null);
create index badges_cook_id on badges (cook_id);
alter table badges add constraint badges_cook foreign key (cook_id) references cooks (id) not valid;
