"""Comparing people's claims, settling disputes and measuring agreement."""
