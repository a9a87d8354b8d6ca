"""Words in quotation marks, as messages and pages show them."""

_DOUBLE = '"“”„‟«»'


def quoted(words: str) -> str:
    """Words in quotation marks: in single ones where they begin or end with a double mark of their own."""
    return f"‘{words}’" if words and (words[0] in _DOUBLE or words[-1] in _DOUBLE) else f"“{words}”"
