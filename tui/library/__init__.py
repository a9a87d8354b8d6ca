"""The library screen, imports and the details of an article."""
