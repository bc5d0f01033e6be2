"""The pages that everybody opens: one page per file, with its template. What they show comes from `app.pages`."""
