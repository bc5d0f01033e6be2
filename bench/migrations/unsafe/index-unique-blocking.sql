create unique index reviews_once on reviews (recipe_id, cook_id, created_at);
