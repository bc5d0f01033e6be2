update reviews set comment = '' where cook_id = 4711;
