-- Where the server writes its log, and how each line begins. The file is NULL when nobody collects standard error.
SELECT pg_current_logfile('stderr') AS file,
       current_setting('data_directory') AS data_directory,
       current_setting('log_line_prefix') AS prefix
