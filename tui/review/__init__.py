"""The review screen, inbox, assignments and submitting."""
