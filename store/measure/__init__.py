"""Arithmetic on spans and labels: matching and agreement figures."""
