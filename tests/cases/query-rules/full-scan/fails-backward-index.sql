-- The planner may walk an index backwards and filter: no sequential scan, and no less work.
select * from reviews where cook_id = $1 order by id desc limit 5;
