"""Texts that break naive code: a strategy that mixes them, and fixed samples of the worst."""

from __future__ import annotations

from hypothesis import strategies as st

NASTY: tuple[str, ...] = (
    "",
    " ",
    "\n\n\n",
    "\0",
    "a\0b. C\x1b[2Jd.",
    "\x1b]0;title\x07 text",
    "tab\there\tand\tthere",
    "[bold]not markup[/bold] [/] [@click=app.quit]x[/] [$primary]y",
    "\r\n\r\n.",
    "lone \ud83d surrogate \udc00.",
    "e\u0301te\u0301. \u0301Starts with a mark.",
    " \u0301a \u0301 ",
    "👩‍👩‍👧‍👦👍🏽❤️1️⃣🏴󠁧󠁢󠁥󠁮󠁧󠁿",
    "🇫🇷🇩🇪🇺",
    "🇫🇷" * 40,
    "क्षि नमस्ते। आप कैसे हैं।",
    "각\u1100\u1161\u11a8 한국어",
    "ก็น้ำตาล",
    "这是一个句子。他说“你好。再见。”然后走了。",
    "「行く。来る。」と言った。か\u3099ﾊﾞ",
    "مرحبا بالعالم. كيف حالك؟ 2\u00a0500 \u0600123",
    "\u202eright to left override\u202c and \u2066isolate\u2069",
    "zero\u200bwidth\u200djoin\ufeffbom\u00adsoft",
    "line\u2028separator\u2029paragraph\x85next\x0bvt\x0cff",
    "“unclosed. ‘Nested ”mixed" + '"' + "« » ‹› 「」 ’tis ‘tis",
    '"" “” «» " " ““““ ””””',
    "“‘“‘“‘Deep. Deeper.’”’”’” Out.",
    "2 500 2,500 2.5 12\u00a0000 1 2 3 1,,2 5 000 00 ½ ² ① Ⅷ",
    "ß İ ı ﬃ ΐ Σς Ǆ K Å ¨",
    "https://example.com/" + "a" * 300 + "?q=[x]&y=1.",
    "# Heading\nText. More\n- item\n- item\n\n* * *\n\n🙂🙂",
    "short\n" + "word " * 40 + "\nlast",
    "a\u0301" * 200,
    "..!?…。" * 20,
    '-$5m −3.5\u00a0°C 50 % 5 % 10 US$2\u00a0500 €\u00a05 §\u00a05 #MeToo U.S.A p.m. 5\u0301 %\u0301 .5 ~~5~~ _a_ צה"ל',
)

_PIECES = (
    *"aZé09.,!?…;:'’ʼ‘“”\"«»„「」()[]{}/\\-–— \u00a0\u202f\t_&@#*",
    *"\0\x07\x1b\x7f\x85\r\u2028\u2029\u200b\u200d\ufe0f\ufeff\u00ad\u202e\u0301\u0308\u0600\u3099",
    *"字は。カ한ก้क्षиاב𠀀ßİﬃ½",
    *("\n", "\n\n", "\r\n", " ", " ", " ", ". ", ". ", " 500", "2 500", "2,500", "couldnʼt", "U.S."),
    *(
        "%",
        " %",
        "\u00a0%",
        "$",
        "€",
        " €",
        "°",
        " °C",
        "′",
        "§\u00a0",
        "№",
        "#",
        "@",
        "−",
        "+",
        "~",
        "US$",
        "-$",
        "5",
        "p.m.",
    ),
    *(
        "word",
        "Word",
        "He said. ",
        "“A went. B came.” ",
        "👍🏽",
        "👨‍👩‍👧",
        "🇫🇷",
        "🇩",
        "\ud800",
        "[b]",
        "\n# Head\n",
        "\n- it\n",
    ),
)


def hostile_texts(max_pieces: int = 30) -> st.SearchStrategy[str]:
    """Prose, emoji, combining marks, scripts, controls, brackets, quotes and newlines, in any mixture."""
    mixed = st.lists(st.sampled_from(_PIECES), max_size=max_pieces).map("".join)
    anything = st.text(st.characters(exclude_categories=()), max_size=max_pieces)
    return st.one_of(mixed, mixed, anything, st.sampled_from(NASTY))
