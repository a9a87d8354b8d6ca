"""Second review: decisions, answers, ticks, submitting and the summary."""
