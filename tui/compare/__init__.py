"""The compare screen, settling and agreement."""
