"""All articles together: the shelf, counts and search."""
