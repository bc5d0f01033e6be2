"""What each page shows, as plain values: one use case per file. The faces only set them."""
