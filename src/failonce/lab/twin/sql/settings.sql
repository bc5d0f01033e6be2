select name, setting from pg_settings
 where category like 'Query Tuning%%' or name in ('work_mem', 'hash_mem_multiplier', 'effective_io_concurrency',
       'max_parallel_workers_per_gather', 'max_parallel_workers', 'search_path')
 order by name
