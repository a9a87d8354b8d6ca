"""Articles in: one module per kind of file, and getting pages from the web."""
