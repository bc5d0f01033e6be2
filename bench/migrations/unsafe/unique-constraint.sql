alter table favourites add constraint favourites_since unique (cook_id, recipe_id, since);
