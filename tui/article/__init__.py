"""The article screen, on which you check."""
