"""Checking: articles, claims, verdicts, evidence, comments and sweeps."""
