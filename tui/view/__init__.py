"""The article's text on the screen: painting, margin, map, mouse and motions."""
