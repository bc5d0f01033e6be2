create index concurrently reviews_cook_id on reviews (cook_id);
