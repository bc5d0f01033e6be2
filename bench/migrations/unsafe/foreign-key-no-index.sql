-- Added the careful way, and still: reviews (cook_id) has no index.
alter table reviews add constraint reviews_cook foreign key (cook_id) references cooks (id) not valid;
