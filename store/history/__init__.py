"""Who changed what, undo and redo, conflicts."""
