alter table reviews add constraint reviews_cook foreign key (cook_id) references cooks (id);
