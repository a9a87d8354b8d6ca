"""The one registry of actions: bindings, palette, hint line, help screen and the keys page come from here.

A key is written with Textual's names; a sequence has spaces between its keys ("g g"). Every action is carried out
by the method ``action_<id>`` of the nearest widget, screen or app in the chain of focus that has one.
"""

from __future__ import annotations

from enum import Enum
from typing import NamedTuple


class Scope(str, Enum):
    """Where an action answers. A widget or screen declares its own as ``SCOPE``."""

    EVERYWHERE = "everywhere"
    LIBRARY = "library"
    ARTICLE = "article"  # the article screen, whatever part of it has the focus
    TEXT = "text"  # an article's text, wherever it is shown
    CHECK = "check"  # the article's text where it is checked
    COMPARE = "compare"  # people's sets on an article side by side
    AGREEMENT = "agreement"
    LIST = "list"  # any list of rows
    PANEL = "panel"  # the fields of the claim at hand
    EDITOR = "editor"  # while typing: nothing but what is listed for it
    FILTER = "filter"  # while typing words that narrow the list below
    HISTORY = "history"
    ASSIGNMENTS = "assignments"
    FORM = "form"  # a form or picker laid over a screen
    PROPOSE = "propose"  # the text of an article under review
    REVIEW = "review"  # the review screen, whatever part of it has the focus
    INBOX = "inbox"  # what others propose about one's own claims
    HAND_IN = "hand_in"  # the summary before a set is submitted


class Action(NamedTuple):
    id: str
    keys: tuple[str, ...]
    title: str
    help: str
    scope: Scope
    group: str


def _scope(scope: Scope, group: str, *rows: tuple[str, str, str, str]) -> tuple[Action, ...]:
    """Rows of id, keys separated by ``|``, title, help."""
    return tuple(
        Action(id, tuple(key for key in keys.split("|") if key), title, help, scope, group)
        for id, keys, title, help in rows
    )


ACTIONS: tuple[Action, ...] = (
    *_scope(
        Scope.EVERYWHERE,
        "Everywhere",
        ("help", "question_mark|f1", "Help", "Show the keys that work here and everywhere."),
        ("command_palette", "ctrl+p", "Command palette", "Find an action by its name and do it."),
        ("toggle_theme", "f2", "Dark or light", "Switch between the dark and the light theme."),
        ("save_elsewhere", "f9", "Save elsewhere", "Copy the whole desk, as it is open here, into another file."),
        ("quit", "ctrl+q", "Quit", "Leave factdesk. Everything is already saved."),
    ),
    *_scope(
        Scope.LIBRARY,
        "Library",
        ("open_article", "right|l", "Open", "Open the article in the list's cursor row."),
        (
            "take_next",
            "n",
            "Take the next",
            "Open your next assignment that can be done now, else the next article with something to check.",
        ),
        ("import_articles", "i", "Import", "Import a file or a folder of articles."),
        ("import_sample", "s", "Sample", "Add the sample article to the desk."),
        ("search_desk", "slash", "Search", "Search the words of all articles and claims."),
        ("filter_articles", "f", "Filter", "Show only some: words, state:disputed, mine, to:NAME, inbox, threads."),
        ("sort_articles", "o", "Sort", "Sort by the next column."),
        ("reverse_sort", "O", "Reverse", "Turn the order round."),
        ("mark_article", "space", "Mark", "Mark the article, or take the mark back, to assign several at once."),
        ("mark_all", "asterisk", "Mark all", "Mark all articles that are shown, or take all marks back."),
        ("assign", "a", "Assign", "Give the marked articles, or this one, to people to check, review or settle."),
        ("assignments", "A", "Assignments", "Show who has what to do and how far it is; submit and reopen your own."),
        ("edit_article", "e", "Details", "Edit title, date, publisher, author, URL, language and lines."),
        ("delete_article", "d|delete", "Delete", "Delete the article from the desk; undo brings it back."),
        ("undo", "u|ctrl+z", "Undo", "Undo your last action and say what it was."),
        ("redo", "ctrl+r|ctrl+y", "Redo", "Do again what you last undid."),
        ("history", "H", "History", "Show who changed what and when on this desk."),
        ("conflicts", "C", "Conflicts", "Show the conflicts that wait to be settled."),
        ("review_others", "V", "Review", "Review what others have tagged in the article of the cursor row."),
        ("inbox", "I", "Inbox", "Show what others say of your claims and of your reviews."),
        ("compare", "equals_sign", "Compare", "Show what people say of the article side by side, and settle it."),
        ("agreement", "percent_sign", "Agreement", "Show how far people agree: on the marked articles, else on all."),
        ("export_claims", "E|ctrl+e", "Export", "Write the claims of the marked articles, else of all, to a CSV file."),
        ("clear", "escape", "Show all", "Drop the search, the filter, then the marks."),
        ("quit", "q", "Quit", "Leave factdesk. Everything is already saved."),
    ),
    *_scope(
        Scope.TEXT,
        "Move in the text",
        ("left", "left|h", "Left", "One character to the left."),
        ("right", "right|l", "Right", "One character to the right."),
        ("up", "up|k", "Up", "One row up."),
        ("down", "down|j", "Down", "One row down."),
        ("next_word", "ctrl+right|w", "Next word", "To the start of the next word."),
        ("previous_word", "ctrl+left|b", "Previous word", "To the start of the word before."),
        ("next_sentence", "right_parenthesis", "Next sentence", "To the start of the next sentence."),
        ("previous_sentence", "left_parenthesis", "Previous sentence", "To the start of the sentence before."),
        ("next_paragraph", "right_curly_bracket|ctrl+down", "Next paragraph", "To the next paragraph."),
        ("previous_paragraph", "left_curly_bracket|ctrl+up", "Previous paragraph", "To the paragraph before."),
        ("row_start", "home|circumflex_accent", "Row start", "To the start of the row."),
        ("row_end", "end|dollar_sign", "Row end", "To the end of the row."),
        ("page_down", "pagedown|ctrl+f|ctrl+d|space", "Page down", "One page down."),
        ("page_up", "pageup|ctrl+b|ctrl+u", "Page up", "One page up."),
        ("text_start", "ctrl+home|g g", "Start", "To the start of the article."),
        ("text_end", "ctrl+end|G", "End", "To the end of the article."),
        ("cycle", "o", "Next in stack", "Take the next of the claims stacked at the caret in hand."),
    ),
    *_scope(
        Scope.TEXT,
        "Select",
        ("select", "v", "Select", "Start selecting at the caret; motions extend; again to stop."),
        ("select_left", "shift+left", "Extend left", "Extend the selection by a character."),
        ("select_right", "shift+right", "Extend right", "Extend the selection by a character."),
        ("select_up", "shift+up", "Extend up", "Extend the selection by a row."),
        ("select_down", "shift+down", "Extend down", "Extend the selection by a row."),
        ("select_next_word", "ctrl+shift+right", "Extend by word", "Extend to the next word."),
        ("select_previous_word", "ctrl+shift+left", "Extend by word back", "Extend to the word before."),
        ("select_row_start", "shift+home", "Extend to row start", "Extend to the start of the row."),
        ("select_row_end", "shift+end", "Extend to row end", "Extend to the end of the row."),
        ("select_page_up", "shift+pageup", "Extend a page up", "Extend by a page up."),
        ("select_page_down", "shift+pagedown", "Extend a page down", "Extend by a page down."),
        ("this_word", "i w", "This word", "Select the word at the caret."),
        ("this_sentence", "i s", "This sentence", "Select the sentence at the caret."),
        ("this_quotation", "i q", "This quotation", "Select what stands between the quotation marks around the caret."),
        ("this_paragraph", "i p", "This paragraph", "Select the paragraph at the caret."),
        ("widen", "x", "Widen", "Widen the selection: word, sentence, quotation, paragraph."),
        ("swap_ends", "X", "Other end", "Move the caret to the other end of the selection."),
        ("copy", "y|ctrl+c", "Copy", "Copy the selection, or the quote of the claim at hand."),
        ("clear", "escape", "Clear", "Drop the selection or the place in hand, then what was found."),
    ),
    *_scope(
        Scope.CHECK,
        "Check",
        (
            "tag",
            "t",
            "Tag",
            "Tag the selection, else the place in hand, else the sentence at the caret; twice if it is another's.",
        ),
        (
            "sweep",
            "s",
            "Sweep",
            "Nothing to check: sweep what is unread of the selection, the place in hand or the sentence. On a sweep: "
            "take it back.",
        ),
        *(
            (f"verdict_{n}", str(n), f"Verdict {n}", f"Give the claim at hand verdict {n} of the scheme.")
            for n in range(1, 10)
        ),
        ("clear_verdict", "0", "No verdict", "Take your verdict on the claim at hand back."),
        ("pick_verdict", "r", "Verdict…", "Choose a verdict from the scheme with its meaning beside it."),
        ("justify", "J", "Why", "Write why the evidence yields the verdict."),
        ("add_evidence", "e", "Evidence", "Add a source's bearing on the claim at hand."),
        ("add_comment", "c", "Comment", "Write a comment on the claim at hand."),
        ("edit_claim", "enter", "Edit", "Go to the fields of the claim at hand."),
        ("start_back", "less_than_sign", "Start back", "Move the claim's start a word back."),
        ("start_on", "greater_than_sign", "Start on", "Move the claim's start a word on."),
        ("end_back", "comma", "End back", "Move the claim's end a word back."),
        ("end_on", "full_stop", "End on", "Move the claim's end a word on."),
        ("start_back_character", "z h", "Start back 1", "Move the claim's start a character back."),
        ("start_on_character", "z l", "Start on 1", "Move the claim's start a character on."),
        ("end_back_character", "z H", "End back 1", "Move the claim's end a character back."),
        ("end_on_character", "z L", "End on 1", "Move the claim's end a character on."),
        ("respan", "S", "Set span", "Give the claim at hand the selection as its span."),
        ("delete", "d|delete", "Delete", "Delete the claim at hand, or the sweep at the caret; undo brings it back."),
    ),
    *_scope(
        Scope.ARTICLE,
        "Go on",
        (
            "next_residue",
            "f",
            "Next unread",
            "Take the next open sentence or leftover in hand; t tags it, s sweeps.",
        ),
        ("previous_residue", "F", "Unread before", "Take the open sentence or leftover before in hand."),
        ("next_claim", "right_square_bracket", "Next claim", "To the next claim."),
        ("previous_claim", "left_square_bracket", "Claim before", "To the claim before."),
        ("next_open", "m", "Next lacking", "To the next claim that lacks a verdict, evidence or a justification."),
        ("previous_open", "M", "Lacking before", "To the claim before that lacks something."),
        ("find", "slash|ctrl+slash", "Find", "Find words in the article."),
        ("find_next", "n|f3", "Find next", "To the next place found."),
        ("find_previous", "N|shift+f3", "Find before", "To the place found before."),
        ("undo", "u|ctrl+z", "Undo", "Undo your last action and say what it was."),
        ("redo", "ctrl+r|ctrl+y", "Redo", "Do again what you last undid."),
        ("switch_pane", "tab", "Next pane", "Move between text, claim and list of claims."),
        ("switch_pane_back", "shift+tab", "Pane before", "Move between the panes the other way."),
        ("claim_list", "L", "Claims", "Show or hide the list of claims."),
        ("panel", "p", "Panel", "Give the panel more room, or less."),
        ("filter_claims", "K", "Filter claims", "Show only claims that match: verdict, checker or words."),
        ("history", "H", "History", "Show who changed what and when on this article and the claim at hand."),
        ("conflicts", "C", "Conflicts", "Show the conflicts that wait to be settled."),
        ("compare", "equals_sign", "Compare", "Show what people say of the article side by side, and settle it."),
        ("agreement", "percent_sign", "Agreement", "Show how far people agree on this article."),
        ("export_claims", "ctrl+e", "Export", "Write the article's claims to a CSV file."),
        ("library", "q|Q", "Library", "Back to the list of articles."),
    ),
    *_scope(
        Scope.ARTICLE,
        "Work with others",
        ("review_others", "V", "Review", "Review what others have tagged in this article."),
        ("inbox", "I", "Inbox", "Show what others say of your claims and of your reviews here."),
        ("next_disputed", "exclamation_mark", "Next dispute", "To the next claim in dispute."),
        ("next_thread", "quotation_mark", "Next thread", "To the next claim with a thread that is not resolved."),
        ("missing", "g m", "What is missing", "List what keeps your set from being submitted; Enter goes there."),
        ("submit", "ctrl+s", "Summary, submit", "Show what is left and what was said, and submit your set."),
        ("reopen", "ctrl+o", "Open again", "Open your submitted set again; that stays on record."),
    ),
    *_scope(
        Scope.COMPARE,
        "Settle",
        ("settle_first", "1", "First", "The first is right: what the checker says stands."),
        ("settle_second", "2", "Second", "The second is right; where there are more, choose whose word stands."),
        ("settle_both", "3", "Both", "Both are right, each as good as the other."),
        ("settle_neither", "4", "Neither", "Worth checking, but nobody's verdict holds."),
        ("settle_merged", "5", "Merged", "One's span, another's verdict, somebody's words."),
        ("settle_own", "6", "Own", "Your own: the selected span, a verdict you choose, words you write."),
        ("settle_nothing", "0", "Nothing here", "There is nothing to check in this place."),
        ("settle_agreed", "A", "All agreed", "Settle all that everybody agrees on, as it is."),
        ("settle_all", "T", "All of one", "Settle all that is left as one person has it."),
        ("unsettle", "d|delete", "Take back", "Take back how the place at hand was settled."),
        ("undo", "u|ctrl+z", "Undo", "Undo your last action and say what it was."),
        ("redo", "ctrl+r|ctrl+y", "Redo", "Do again what you last undid."),
    ),
    *_scope(
        Scope.COMPARE,
        "Compare",
        ("next_to_settle", "m", "Next to settle", "To the next place that needs settling."),
        ("previous_to_settle", "M", "To settle before", "To the place before that needs settling."),
        ("next_group", "right_square_bracket", "Next place", "To the next place that somebody tagged."),
        ("previous_group", "left_square_bracket", "Place before", "To the place before that somebody tagged."),
        (
            "filter_groups",
            "f",
            "One kind",
            "Show only one kind of places. A claim and its reviews are one place; claims of different checkers are "
            "matched one to one by overlap (shared over covered characters), the greatest first, of equals the earlier "
            "in the text. Claims to which one person gives spans that share less than half stay apart.",
        ),
        ("choose_people", "P", "People", "Choose whose sets are compared."),
        ("find", "slash|ctrl+slash", "Find", "Find words in the article."),
        ("find_next", "n|f3", "Find next", "To the next place found."),
        ("find_previous", "N|shift+f3", "Find before", "To the place found before."),
        ("switch_pane", "tab", "Next pane", "Move between text, what is said and list."),
        ("switch_pane_back", "shift+tab", "Pane before", "Move between the panes the other way."),
        ("group_list", "L", "List", "To the list of all places, or back to the text."),
        ("panel", "p", "Panel", "Give what is said more room, or less."),
        ("open_article", "O", "Article", "Open the article at the place at hand."),
        ("agreement", "percent_sign", "Agreement", "Show how far people agree on this article."),
        ("export_settled", "E", "Export", "Write the settled set of the article to a file, with everybody's labels."),
        ("submit", "ctrl+s", "Finish, submit", "Show what is left to settle, and submit what you have settled."),
        ("history", "H", "History", "Show who changed what and when on this article."),
        ("conflicts", "C", "Conflicts", "Show the conflicts that wait to be settled."),
        ("close", "q|Q", "Close", "Back to where you came from."),
    ),
    *_scope(
        Scope.AGREEMENT,
        "Agreement",
        ("by_article", "tab|w", "Pooled or by article", "Show the figures of each article, or those over all of them."),
        ("export_agreement", "x|E", "Export", "Write the figures to a file: Markdown, CSV or JSON, as its name ends."),
        ("stop", "s", "Stop", "Stop working out intervals; what is there stays."),
        ("close", "escape|q", "Close", "Back to where you came from."),
    ),
    *_scope(
        Scope.LIST,
        "Lists",
        ("row_up", "up|k", "Up", "One row up."),
        ("row_down", "down|j", "Down", "One row down."),
        ("rows_up", "pageup|ctrl+u", "Page up", "One page up."),
        ("rows_down", "pagedown|ctrl+d", "Page down", "One page down."),
        ("first_row", "home|g g", "First", "To the first row."),
        ("last_row", "end|G", "Last", "To the last row."),
        ("choose", "enter", "Choose", "Open or take the row."),
    ),
    *_scope(
        Scope.PANEL,
        "Fields of the claim",
        ("edit_field", "i", "Edit", "Edit the field in place; leaving it saves it."),
        ("remove", "d|delete", "Remove", "Delete the evidence or comment in the cursor row."),
        ("reply", "R", "Reply", "Answer the comment or review in the cursor row."),
        ("resolve", "o", "Resolve", "Say that the thread in the cursor row is done with, or open it again."),
        ("accept", "y", "Accept", "Accept the proposal in the cursor row: it becomes your own change."),
        ("refuse", "x", "Reject, doubt", "Reject the proposal, or doubt the evidence, in the cursor row; say why."),
        ("tick", "space", "Seen", "Tick the evidence in the cursor row as seen, or take the tick back."),
        ("open_source", "O", "Open source", "Open the source of the evidence in the cursor row in the browser."),
        ("copy_source", "Y", "Copy address", "Copy the address of the source of the evidence in the cursor row."),
        ("add_evidence", "e", "Evidence", "Add a source's bearing on the claim at hand."),
        ("add_comment", "c", "Comment", "Write a comment on the claim at hand."),
        ("pick_verdict", "r", "Verdict…", "Choose a verdict from the scheme with its meaning beside it."),
        ("to_text", "escape", "Text", "Back to the text."),
    ),
    *_scope(
        Scope.EDITOR,
        "While typing",
        ("save_field", "ctrl+s", "Do it", "Save the field and leave it; where something is asked or decided, do it."),
        (
            "leave_field",
            "escape",
            "Leave",
            "Leave the field. It is saved where fields are; where words decide something they stay as a draft instead.",
        ),
        ("next_field", "tab", "Next field", "Save and go to the next field."),
        ("previous_field", "shift+tab", "Field before", "Save and go to the field before."),
        ("cut", "ctrl+x", "Cut", "Cut what is selected, to paste it elsewhere."),
        ("undo_typing", "ctrl+z", "Undo typing", "Take back what you last typed, cut or put back in the field."),
        ("redo_typing", "ctrl+y|ctrl+shift+z", "Redo typing", "Type again what you last took back."),
        (
            "put_back",
            "ctrl+b",
            "Put back",
            "Put the field back as it was before you typed; that can be undone.",
        ),
    ),
    *_scope(
        Scope.FILTER,
        "While typing to find",
        ("row_up", "up", "Up", "One row up in the list below."),
        ("row_down", "down", "Down", "One row down in the list below."),
        ("rows_up", "pageup", "Page up", "One page up in the list below."),
        ("rows_down", "pagedown", "Page down", "One page down in the list below."),
        ("choose", "enter", "Choose", "Open or take the row."),
        ("complete", "tab", "Complete", "Complete a path; elsewhere, go to the list below."),
        ("close", "escape", "Close", "Leave the line you type in."),
        ("cut", "ctrl+x", "Cut", "Cut what is selected, to paste it elsewhere."),
        ("undo_typing", "ctrl+z", "Undo typing", "Take back what you last typed or cut in the line."),
        ("redo_typing", "ctrl+y|ctrl+shift+z", "Redo typing", "Type again what you last took back."),
    ),
    *_scope(
        Scope.HISTORY,
        "History",
        ("find", "slash", "Find", "Show only the changes that hold some words."),
        ("widen", "tab|w", "Wider", "From the claim to its article, to the whole desk, and back."),
        ("undo", "u|ctrl+z", "Undo", "Undo your last action and say what it was."),
        ("redo", "ctrl+r|ctrl+y", "Redo", "Do again what you last undid."),
        ("close", "escape|q", "Close", "Back to where you came from."),
    ),
    *_scope(
        Scope.ASSIGNMENTS,
        "Assignments",
        ("widen", "tab|w", "Whose", "From everybody's to your own, to those of the articles at hand, and round again."),
        ("find", "slash", "Find", "Show only the assignments that hold some words."),
        ("assign", "a", "Assign", "Give the article of the row, or the articles at hand, to more people."),
        ("unassign", "d|delete", "Unassign", "Take the assignment in the cursor row back."),
        ("submit", "s", "Submit", "Submit your set: it is finished, and locked until you reopen it."),
        ("reopen", "o", "Reopen", "Open your submitted set again; that stays on record."),
        ("undo", "u|ctrl+z", "Undo", "Undo your last action and say what it was."),
        ("redo", "ctrl+r|ctrl+y", "Redo", "Do again what you last undid."),
        ("close", "escape|q", "Close", "Back to where you came from."),
    ),
    *_scope(
        Scope.FORM,
        "Forms",
        ("close", "escape|q", "Close", "Close; what was entered stays, and nothing is decided by it."),
        ("mark", "space", "Mark", "Mark the row, or take the mark back; where one is chosen, choose it."),
    ),
    *_scope(
        Scope.REVIEW,
        "Review",
        ("agree", "a", "Agree", "Agree with the claim at hand as it stands; the next that needs you comes up."),
        ("disagree", "D", "Disagree", "Disagree with the claim at hand: say what, where and why."),
        ("reject_claim", "minus", "Nothing here", "Say that the claim at hand holds nothing to check."),
        ("need_evidence", "E", "Needs evidence", "Say that the evidence on the claim at hand does not do."),
        ("change_text", "W", "Other words", "Propose other words for the claim; the difference is shown."),
        ("next_open", "m", "Next for me", "To the next claim that you have not reviewed, or that has changed since."),
        ("previous_open", "M", "For me before", "To the claim before that you have not reviewed, or that has changed."),
    ),
    *_scope(
        Scope.PROPOSE,
        "Propose",
        (
            "look_on",
            "space",
            "Look at evidence",
            "Tick the next piece of evidence as seen when all of it is in view, else bring it there.",
        ),
        ("doubt", "U", "Doubt", "Doubt the piece of evidence that was shown last, and say why."),
        ("open_source", "O", "Open source", "Open the source of the piece of evidence that was shown last."),
        ("tag", "t", "Missing claim", "Tag what the checker missed: the selection, the place in hand or the sentence."),
        ("sweep", "s", "Sweep", "Sweep what is unread of the selection, the place in hand or the sentence."),
        *(
            (f"verdict_{n}", str(n), f"Verdict {n}", f"Your own verdict {n} of the scheme on the claim at hand.")
            for n in range(1, 10)
        ),
        ("clear_verdict", "0", "No verdict", "Take your own verdict on the claim at hand back."),
        ("pick_verdict", "r", "Verdict…", "Choose your own verdict from the scheme with its meaning beside it."),
        ("justify", "J", "Why", "Write why the evidence yields your own verdict."),
        ("add_evidence", "e", "Evidence", "Add evidence of your own to the claim at hand."),
        ("add_comment", "c", "Comment", "Comment: not yet decided, it counts as looked at; else it joins the thread."),
        ("edit_claim", "enter", "Panel", "Go to your review of the claim at hand, and to its evidence."),
        ("start_back", "less_than_sign", "Start back", "Propose a start a word before."),
        ("start_on", "greater_than_sign", "Start on", "Propose a start a word on."),
        ("end_back", "comma", "End back", "Propose an end a word before."),
        ("end_on", "full_stop", "End on", "Propose an end a word on."),
        ("start_back_character", "z h", "Start back 1", "Propose a start a character before."),
        ("start_on_character", "z l", "Start on 1", "Propose a start a character on."),
        ("end_back_character", "z H", "End back 1", "Propose an end a character before."),
        ("end_on_character", "z L", "End on 1", "Propose an end a character on."),
        ("respan", "S", "Propose span", "Propose the selection as the span of the claim at hand."),
        ("delete", "d|delete", "Take back", "Take your review of the claim at hand back, or the sweep at the caret."),
    ),
    *_scope(
        Scope.INBOX,
        "Inbox",
        ("accept", "y", "Accept", "Accept the proposal in the cursor row: it becomes your own change."),
        ("refuse", "x", "Reject", "Reject the proposal in the cursor row, and say why."),
        ("reply", "R", "Reply", "Answer in the thread of the proposal in the cursor row."),
        ("resolve", "o", "Resolve", "Say that the thread is done with, or open it again."),
        ("show_answered", "A", "Answered too", "Show what has been answered or settled too, or only what waits."),
        ("scroll_on", "J", "Scroll on", "Read on in the proposal beside the list."),
        ("scroll_back", "K", "Scroll back", "Read back in the proposal beside the list."),
        ("undo", "u|ctrl+z", "Undo", "Undo your last action and say what it was."),
        ("redo", "ctrl+r|ctrl+y", "Redo", "Do again what you last undid."),
        ("close", "escape|q", "Close", "Back to where you came from."),
    ),
    *_scope(
        Scope.HAND_IN,
        "Summary and submitting",
        ("submit", "ctrl+s|s", "Submit", "Submit your set: it is finished, and locked until you open it again."),
        ("missing", "m|g m", "What is missing", "To the first row of what keeps your set from being submitted."),
        ("reopen", "ctrl+o|o", "Open again", "Open your submitted set again; that stays on record."),
        ("copy", "y|ctrl+c", "Copy", "Copy the summary as Markdown."),
        ("export", "x", "Export", "Write the summary to a file: Markdown, or JSON when its name ends so."),
        ("close", "escape|q", "Close", "Back to the article."),
    ),
)

WRITES = frozenset(
    (
        "tag", "sweep", "clear_verdict", "delete", "respan", "undo", "redo",
        "accept", "resolve", "tick", "remove", "agree", "reject_claim", "need_evidence",
        "settle_agreed", "unsettle", "reopen", "unassign", "import_sample", "delete_article",
        *(f"verdict_{n}" for n in range(1, 10)),
        *(f"{edge}_{way}{step}" for edge in ("start", "end") for way in ("back", "on") for step in ("", "_character")),
    )
)  # fmt: skip
"""The actions that save at once. While something waits to be saved they are refused before they look at anything."""
