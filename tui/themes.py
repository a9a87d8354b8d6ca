"""factdesk's own colours, for dark and for light rooms."""

from __future__ import annotations

from textual.theme import Theme

DARK = Theme(
    name="factdesk-dark",
    primary="#6ea8d8",
    secondary="#8fa3b3",
    accent="#e0b25c",
    warning="#e5b567",
    error="#e07a73",
    success="#83bf7d",
    foreground="#d6d9dc",
    background="#15181b",
    surface="#1b1f23",
    panel="#23292e",
    dark=True,
    variables={
        "block-cursor-foreground": "#ffffff",
        "block-cursor-background": "#2f5f88",
        "block-cursor-blurred-foreground": "#d6d9dc",
        "block-cursor-blurred-background": "#2c343b",
        "border": "#6ea8d8",
        "border-blurred": "#39424a",
    },
)

LIGHT = Theme(
    name="factdesk-light",
    primary="#1f5f96",
    secondary="#5a6b78",
    accent="#8a5a00",
    warning="#8f6100",
    error="#b0302a",
    success="#2e7031",
    foreground="#22272b",
    background="#fbfaf7",
    surface="#f4f2ed",
    panel="#e8e5de",
    dark=False,
    variables={
        "block-cursor-foreground": "#ffffff",
        "block-cursor-background": "#1f5f96",
        "block-cursor-blurred-foreground": "#22272b",
        "block-cursor-blurred-background": "#d9d5cb",
        "border": "#1f5f96",
        "border-blurred": "#c9c4b8",
    },
)

THEMES = (DARK, LIGHT)
