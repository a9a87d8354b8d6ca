"""Linear mode."""
