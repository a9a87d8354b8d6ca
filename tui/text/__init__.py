"""Text on a screen without widgets: layout, motions, spans, colours and tables."""
