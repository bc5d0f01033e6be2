update reviews set rating = $1 where cook_id = $2;
