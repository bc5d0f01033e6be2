-- Where the server keeps its data, and how each line of its log begins. Before PostgreSQL 17 pg_monitor may not ask which
-- file that is unless somebody allowed it.
SELECT current_setting('data_directory') AS data_directory,
       current_setting('log_line_prefix') AS prefix,
       has_function_privilege('pg_current_logfile(text)', 'execute') AS may_ask
