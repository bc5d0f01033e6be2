select id from recipes where upper(cuisine) = $1 limit 20;
