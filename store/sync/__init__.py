"""Desks together: merging what others did, and sharing."""
