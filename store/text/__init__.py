"""Text alone: sentences, words, quotations, coverage and finding."""
