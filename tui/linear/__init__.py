"""Linear mode: the work on an article by plain questions, one thing at a time, for screen readers and pipes."""
