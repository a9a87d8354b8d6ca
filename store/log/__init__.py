"""The change log: every write, the tables made from it, undo, files and backups."""
