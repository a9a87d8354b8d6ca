"""The actions of lists, forms and sheets laid over the library or an article, as `actions_and_keys` takes them.

By scope and group; a row is an id, keys separated by ``|``, title, help and, unless the id says it all, the call.
"""

from __future__ import annotations

from typing import Any

Listed = tuple[tuple[Any, ...], ...]

UNDO: Listed = (
    ("undo", "u|ctrl+z", "Undo", "Undo your last action and show what it was."),
    ("redo", "ctrl+r|ctrl+y", "Redo", "Redo what you last undid."),
)

SHEETS: tuple[tuple[str, str, Listed], ...] = (
    (
        "agreement",
        "Agreement",
        (
            ("by_article", "tab|w", "Pooled or by article", "Show the figures of each article, or of all together."),
            ("export_agreement", "x|E", "Export", "Write the figures to a Markdown, CSV or JSON file."),
            ("stop", "s", "Stop", "Stop computing intervals; those that are done stay."),
            ("close", "escape|q", "Close", "Go back."),
        ),
    ),
    (
        "history",
        "History",
        (
            ("find", "slash", "Find", "Show only changes that contain some words."),
            ("widen", "tab|w", "Wider", "Show the history of the claim, its article or the whole desk, in turn."),
            *UNDO,
            ("close", "escape|q", "Close", "Go back."),
        ),
    ),
    (
        "assignments",
        "Assignments",
        (
            ("widen", "tab|w", "Whose", "Show everyone's assignments, yours, or those of the selected articles."),
            ("find", "slash", "Find", "Show only assignments that contain some words."),
            ("assign", "a", "Assign", "Assign the selected article or articles to more people."),
            ("unassign", "d|delete", "Unassign", "Remove the selected assignment."),
            ("submit", "s", "Submit", "Submit your set; it is locked until you reopen it."),
            ("reopen", "o", "Reopen", "Reopen your submitted set; the history keeps it."),
            *UNDO,
            ("close", "escape|q", "Close", "Go back."),
        ),
    ),
    (
        "conflicts",
        "Conflicts",
        (
            ("keep_mine", "m", "Keep mine", "Settle the selected conflict with your own value."),
            ("keep_theirs", "t", "Keep theirs", "Settle the selected conflict with the other person's value."),
            ("edit_value", "e", "Edit", "Settle the selected conflict with another value, which you write."),
            *UNDO,
            ("close", "escape|q", "Close", "Go back."),
        ),
    ),
    (
        "form",
        "Forms",
        (
            ("close", "escape|q", "Close", "Close without deciding anything; what you entered is kept."),
            ("mark", "space", "Mark", "Mark or unmark the row; where only one can be chosen, choose it."),
        ),
    ),
    (
        "suggestions",
        "Suggestions",
        (
            ("accept", "y|a", "Accept", "Accept the selected suggestion as a claim of yours."),
            ("amend", "A", "Amend", "Accept the selected suggestion with another claim text."),
            ("refuse", "x|minus", "Reject", "Reject the selected suggestion; it is not a claim to you."),
            ("show_answered", "w|tab", "All", "Show what you have chosen on too, or only what waits."),
            ("find", "slash", "Find", "Show only suggestions that contain some words."),
            *UNDO,
            ("close", "escape|q", "Close", "Go back."),
        ),
    ),
    (
        "inbox",
        "Inbox",
        (
            ("accept", "y", "Accept", "Accept the selected proposal; it becomes your own change."),
            ("refuse", "x", "Reject", "Reject the selected proposal, and say why."),
            ("reply", "R", "Reply", "Reply in the thread of the selected proposal."),
            ("resolve", "o", "Resolve", "Resolve the thread, or reopen it."),
            ("show_answered", "A", "Answered too", "Show answered and settled proposals too, or only those that wait."),
            ("scroll_on", "J", "Scroll down", "Scroll down in the proposal beside the list."),
            ("scroll_back", "K", "Scroll up", "Scroll up in the proposal beside the list."),
            *UNDO,
            ("close", "escape|q", "Close", "Go back."),
        ),
    ),
    (
        "corrections",
        "After a correction",
        (
            ("keep", "y", "Keep", "Keep the claim as it is: its verdict holds for the new words, or it stays behind."),
            ("retag", "t", "Tag again", "Give the claim other words of the corrected text."),
            ("withdraw", "d|delete", "Withdraw", "Delete the claim; undo brings it back."),
            ("carry_over", "c", "Carry over", "Carry what came in on another text over to this one."),
            ("scroll_on", "J", "Scroll down", "Scroll down in the words beside the list."),
            ("scroll_back", "K", "Scroll up", "Scroll up in the words beside the list."),
            *UNDO,
            ("close", "escape|q", "Close", "Go back to the article."),
        ),
    ),
    (
        "versions",
        "Versions of a text",
        (
            ("whole_text", "v", "Whole text", "Switch between what changed in a version and its whole text."),
            ("put_back", "b", "Put back", "Make the text of this version the text again; claims move along."),
            ("scroll_on", "J|space", "Scroll down", "Scroll down in the text beside the list."),
            ("scroll_back", "K", "Scroll up", "Scroll up in the text beside the list."),
            *UNDO,
            ("close", "escape|q", "Close", "Go back to the article."),
        ),
    ),
    (
        "sources",
        "Sources",
        (
            ("find", "slash", "Find", "Find sources by words of theirs or of their passages."),
            ("keep_source", "space", "Stays", "Mark the source that stays when two are merged."),
            ("merge_source", "M", "Merge", "Merge this source into the marked one: all evidence then cites that."),
            ("open_source", "O", "Open source", "Open the source in your browser."),
            ("copy_source", "Y", "Copy address", "Copy the source's address."),
            *UNDO,
            ("close", "escape|q", "Close", "Go back to the library."),
        ),
    ),
    (
        "replay",
        "Replay",
        (
            ("step", "right|l", "Step", "Show the next step, and the text as it stood then."),
            ("step_back", "left|h", "Step back", "Show the step before, and the text as it stood then."),
            ("play", "space|p", "Play or pause", "Let the steps follow each other by themselves, or stop."),
            ("close", "escape|q", "Close", "Go back to the article."),
        ),
    ),
    ("picture", "Pictures", (("close", "escape|q", "Close", "Go back."),)),
    (
        "submit",
        "Summary and submitting",
        (
            ("submit", "ctrl+s|s", "Submit", "Submit your set; it is locked until you reopen it."),
            ("missing", "m|g m", "What is missing", "To the first thing that is missing before you can submit."),
            ("reopen", "ctrl+o|o", "Reopen", "Reopen your submitted set; the history keeps it."),
            ("copy", "y|ctrl+c", "Copy", "Copy the summary as Markdown."),
            ("export", "x", "Export", "Write the summary to a Markdown or JSON file."),
            ("close", "escape|q", "Close", "Go back to the article."),
        ),
    ),
)
