"""What every sample application is made of: pages behind HTTP, a connection pool, metrics, releases in a process."""
