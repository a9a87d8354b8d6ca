"""Who you are, what you see and what you may change."""
