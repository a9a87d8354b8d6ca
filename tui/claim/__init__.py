"""The panel of one claim: its fields, evidence, review and pickers."""
