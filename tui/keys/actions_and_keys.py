"""The one registry of actions: bindings, palette, hint line, help screen and the keys page come from here.

A key is written with Textual's names; a sequence has spaces between its keys ("g g"). Every action is carried out
by the method ``action_<name>`` of the nearest widget, screen or app in the chain of focus that has one, itself or in
a handler; the name is the action's id, unless its ``call`` gives another and what the method is told.
"""

from collections.abc import Iterator
from enum import Enum
from typing import Any, NamedTuple

from tui.keys.list_actions_and_keys import SHEETS, UNDO


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
    PANEL = "panel"  # the fields of the selected claim
    EDITOR = "editor"  # while typing: nothing but what is listed for it
    FILTER = "filter"  # while typing words that narrow the list below
    HISTORY = "history"
    ASSIGNMENTS = "assignments"
    FORM = "form"  # a form or picker laid over a screen
    PROPOSE = "propose"  # the text of an article under review
    REVIEW = "review"  # the review screen, whatever part of it has the focus
    CONFLICTS = "conflicts"  # what two people changed without seeing each other
    SUGGESTIONS = "suggestions"  # what others or a model think is a claim
    INBOX = "inbox"  # what others propose about your claims
    SUBMIT = "submit"  # the summary before a set is submitted
    CORRECTIONS = "corrections"  # what became of claims when the text was corrected
    VERSIONS = "versions"  # the versions of a text
    SOURCES = "sources"  # all that evidence is drawn from
    REPLAY = "replay"  # how a check grew, step by step
    PICTURE = "picture"  # a heat map, verdicts over time, or who agrees with whom


class Action(NamedTuple):
    id: str
    keys: tuple[str, ...]
    title: str
    help: str
    scope: Scope
    group: str
    call: tuple[Any, ...]
    """The method that carries it out, without ``action_``, and what that is told."""


def _scope(scope: Scope, group: str, *rows: tuple[Any, ...]) -> tuple[Action, ...]:
    """Rows of id, keys separated by ``|``, title, help and, unless the id says it all, the call."""
    made = [  # a list: a generator would be gone back to for each of hundreds, before the first frame
        Action(id, tuple(filter(None, keys.split("|"))), title, help, scope, group, *(call or ((id,),)))
        for id, keys, title, help, *call in rows
    ]
    return tuple(made)


def _verdicts(help: str) -> Iterator[tuple[Any, ...]]:
    """A row for each verdict of the scheme that has a key; ``help`` has a blank for which it is."""
    for n in range(1, 10):
        yield f"verdict_{n}", str(n), f"Verdict {n}", help.format(n=n), ("verdict", n)


def _nudges(help: str) -> Iterator[tuple[Any, ...]]:
    """A row for each way an edge of a claim moves; ``help`` has blanks for what differs."""
    for edge, step, *keys in (
        ("start", "word", "less_than_sign", "greater_than_sign"),
        ("end", "word", "comma", "full_stop"),
        ("start", "character", "z h", "z l"),
        ("end", "character", "z H", "z L"),
    ):
        small = step == "character"
        for key, way, on in zip(keys, ("back", "forward"), (False, True), strict=True):
            id = f"{edge}_{'on' if on else 'back'}" + "_character" * small
            title = f"{edge.capitalize()} {way}" + " 1" * small
            yield id, key, title, help.format(edge=edge, step=step, way=way), ("nudge", edge, step, on)


ACTIONS: tuple[Action, ...] = (
    *_scope(
        Scope.EVERYWHERE,
        "Everywhere",
        ("help", "question_mark|f1", "Help", "Show the keys that work here and everywhere."),
        ("command_palette", "ctrl+p", "Command palette", "Find any action by name and run it."),
        ("toggle_theme", "f2", "Dark or light", "Switch between the dark and the light theme."),
        ("save_elsewhere", "f9", "Save elsewhere", "Save the whole desk, as it is open here, in another file."),
        ("quit", "ctrl+q", "Quit", "Leave factdesk; everything is already saved."),
    ),
    *_scope(
        Scope.LIBRARY,
        "Library",
        ("open_article", "right|l", "Open", "Open the selected article."),
        ("take_next", "n", "Next assignment", "Open your next assignment, or else the next article to check."),
        ("import_articles", "i", "Import", "Import a file or a folder of articles."),
        ("new_article", "N", "New", "Add an article whose text you paste or type."),
        ("merge_desk", "M", "Merge", "Take in what another person's desk holds; you see first what it would add."),
        (
            "sources",
            "S",
            "Sources",
            "Show the sources of all evidence, where each is cited, and merge two that are one.",
        ),
        ("share_desk", "W", "Share", "Write the marked articles, or all, to one file that others can merge."),
        ("sync_desk", "y", "Sync", "Sync now with the places this desk syncs with; the first time you name one."),
        ("backups", "B", "Backups", "Show the desk's backups, where they lie, and how to put one back."),
        ("import_sample", "s", "Sample", "Add the sample article to the desk."),
        ("search_desk", "slash", "Search", "Search articles, claims, justifications, evidence, comments and sources."),
        ("filter_articles", "f", "Filter", "Filter by words, state:disputed, mine, to:NAME, inbox or threads."),
        ("sort_articles", "o", "Sort", "Sort by the next column."),
        ("reverse_sort", "O", "Reverse", "Reverse the order."),
        ("mark_article", "space", "Mark", "Mark or unmark the article, to assign or export several at once."),
        ("mark_all", "asterisk", "Mark all", "Mark all listed articles, or unmark them."),
        ("assign", "a", "Assign", "Assign the marked articles, or this one, to people who check, review or settle."),
        ("assignments", "A", "Assignments", "Show all assignments and their progress; submit or reopen your own."),
        ("edit_article", "e", "Details", "Edit the title, date, publisher, author, URL, language, lines and mark-up."),
        ("delete_article", "d|delete", "Delete", "Delete the article; undo brings it back."),
        *UNDO,
        ("history", "H", "History", "Show who changed what on this desk, and when."),
        ("conflicts", "C", "Conflicts", "Show conflicting changes and choose which stand."),
        ("review_others", "V", "Review", "Review what others tagged in the selected article."),
        ("inbox", "I", "Inbox", "Show what others say about your claims and reviews."),
        ("compare", "equals_sign", "Compare", "Compare people's work on the article side by side, and settle it."),
        ("agreement", "percent_sign", "Agreement", "Show how far people agree on the marked articles, or on all."),
        ("heat_map", "g h", "Heat map", "Show where the article's claims, leftovers and disputes lie."),
        ("timeline", "g o", "Verdicts over time", "Show how many of each verdict were given when."),
        ("matrix", "g m", "Agreement matrix", "Show how often every two people gave the same verdict."),
        ("tour", "g question_mark", "Tour", "Six steps on the sample article; it goes on where you left it."),
        ("settings", "comma", "Settings", "Change your name, the colours, and how keys are read."),
        ("export_claims", "E|ctrl+e", "Export", "Write the marked articles, or all, in a format of your choice."),
        ("clear", "escape", "Show all", "Clear the search, then the filter, then the marks."),
        ("quit", "q", "Quit", "Leave factdesk; everything is already saved."),
    ),
    *_scope(
        Scope.TEXT,
        "Move in the text",
        ("left", "left|h", "Left", "One character to the left."),
        ("right", "right|l", "Right", "One character to the right."),
        ("up", "up|k", "Up", "One row up."),
        ("down", "down|j", "Down", "One row down."),
        ("next_word", "ctrl+right|w", "Next word", "To the start of the next word."),
        ("previous_word", "ctrl+left|b", "Previous word", "To the start of the previous word."),
        ("next_sentence", "right_parenthesis", "Next sentence", "To the start of the next sentence."),
        ("previous_sentence", "left_parenthesis", "Previous sentence", "To the start of the previous sentence."),
        (
            "next_clause",
            "semicolon|alt+right",
            "Next clause",
            "To the next clause; while you select, to the end of this one.",
        ),
        ("previous_clause", "colon|alt+left", "Previous clause", "To the start of this clause, or the one before."),
        ("next_paragraph", "right_curly_bracket|ctrl+down", "Next paragraph", "To the next paragraph."),
        ("previous_paragraph", "left_curly_bracket|ctrl+up", "Previous paragraph", "To the previous paragraph."),
        ("row_start", "home|circumflex_accent", "Row start", "To the start of the row."),
        ("row_end", "end|dollar_sign", "Row end", "To the end of the row."),
        ("page_down", "pagedown|ctrl+f|ctrl+d|space", "Page down", "One page down."),
        ("page_up", "pageup|ctrl+b|ctrl+u", "Page up", "One page up."),
        ("text_start", "ctrl+home|g g", "Start", "To the start of the article."),
        ("text_end", "ctrl+end|G", "End", "To the end of the article."),
        ("jump", "apostrophe|f4", "Jump", "Show letters on words, claims, places and rows; pressing them goes there."),
        ("cycle", "o", "Next in stack", "Select the next claim at the caret, where several overlap."),
        ("source", "g s", "Source", "Show Markdown as it is written, or as people see it."),
    ),
    *_scope(
        Scope.TEXT,
        "Select",
        ("select", "v", "Select", "Start a selection at the caret and extend it by moving; press again to stop."),
        ("select_left", "shift+left", "Extend left", "Extend the selection by a character."),
        ("select_right", "shift+right", "Extend right", "Extend the selection by a character."),
        ("select_up", "shift+up", "Extend up", "Extend the selection by a row."),
        ("select_down", "shift+down", "Extend down", "Extend the selection by a row."),
        ("select_next_word", "ctrl+shift+right", "Extend by word", "Extend to the next word."),
        ("select_previous_word", "ctrl+shift+left", "Extend back by word", "Extend to the previous word."),
        ("select_row_start", "shift+home", "Extend to row start", "Extend to the start of the row."),
        ("select_row_end", "shift+end", "Extend to row end", "Extend to the end of the row."),
        ("select_page_up", "shift+pageup", "Extend a page up", "Extend by a page up."),
        ("select_page_down", "shift+pagedown", "Extend a page down", "Extend by a page down."),
        ("this_word", "i w", "This word", "Select the word at the caret."),
        ("this_clause", "i c", "This clause", "Select the clause at the caret: the words between two marks."),
        ("this_sentence", "i s", "This sentence", "Select the sentence at the caret."),
        ("this_quotation", "i q", "This quotation", "Select the text between the quotation marks around the caret."),
        ("this_paragraph", "i p", "This paragraph", "Select the paragraph at the caret."),
        ("widen", "x", "Widen", "Widen the selection to the word, clause, sentence, quotation, then paragraph."),
        ("swap_ends", "X", "Other end", "Move the caret to the other end of the selection."),
        ("copy", "y|ctrl+c", "Copy", "Copy the selection, or the quote of the selected claim."),
        ("clear", "escape", "Clear", "Clear the selection, then the found words."),
    ),
    *_scope(
        Scope.CHECK,
        "Check",
        ("tag", "t", "Tag", "Tag the selection or the sentence; press twice if someone else tagged it."),
        ("tag_to_end", "T|ctrl+t", "Tag to end", "Tag from the word at the caret to the end of the sentence."),
        ("sweep", "s", "Sweep", "Mark the unread words as nothing to check; on a sweep, remove it."),
        *_verdicts("Give the selected claim verdict {n} of the scheme."),
        ("clear_verdict", "0", "No verdict", "Remove your verdict from the selected claim."),
        ("pick_verdict", "r", "Verdict…", "Choose a verdict with its meaning beside it."),
        ("repeat", "R", "Repeat", "Judge the claim, or the selected words, like the last one: verdict and sources."),
        ("after_verdict", "z v", "Stay or move on", "Stay after a verdict or sweep, or go on to the next place."),
        ("justify", "J", "Why", "Write why the evidence leads to the verdict."),
        ("add_evidence", "e", "Evidence", "Add evidence to the selected claim."),
        ("add_comment", "c", "Comment", "Comment on the selected claim."),
        ("edit_claim", "enter", "Edit", "Edit the fields of the selected claim."),
        *_nudges("Move the claim's {edge} {way} by a {step}."),
        ("respan", "S", "Set span", "Make the selection the span of the selected claim."),
        ("delete", "d|delete", "Delete", "Delete the selected claim, or the sweep at the caret; undo brings it back."),
        ("split", "vertical_line", "Split", "Divide the selected claim into several on the same words, a fact a line."),
        ("join", "ampersand", "Join", "Join your other claims on the same words into the selected one."),
    ),
    *_scope(
        Scope.CHECK,
        "Suggestions",
        ("accept_suggestion", "a", "Accept suggestion", "Make the selected suggestion a claim of yours."),
        ("amend_suggestion", "A", "Amend suggestion", "Accept it with the selected words, or another claim text."),
        ("reject_suggestion", "minus", "Reject suggestion", "Reject the selected suggestion; the next one comes up."),
        ("next_suggestion", "Y", "Next suggestion", "To the next suggestion that waits for you."),
        ("previous_suggestion", "g Y", "Previous suggestion", "To the previous suggestion that waits for you."),
        ("suggestions", "g y", "Suggestions", "List the suggestions on this article."),
    ),
    *_scope(
        Scope.ARTICLE,
        "Read and find",
        ("next_residue", "f", "Next unread", "Select the next open sentence or leftover; t tags it, s sweeps it."),
        ("previous_residue", "F", "Previous unread", "Select the previous open sentence or leftover."),
        ("next_claim", "right_square_bracket", "Next claim", "To the next claim."),
        ("previous_claim", "left_square_bracket", "Previous claim", "To the previous claim."),
        ("near_copy", "g n", "Near copy", "To the claim whose words are nearly those of the selected one."),
        ("next_open", "m", "Next lacking", "To the next claim that lacks a verdict, evidence or a justification."),
        ("previous_open", "M", "Previous lacking", "To the previous claim that lacks something."),
        ("find", "slash|ctrl+slash", "Find", "Find words in the article."),
        ("find_next", "n|f3", "Find next", "To the next match."),
        ("find_previous", "N|shift+f3", "Find previous", "To the previous match."),
        *UNDO,
        ("switch_pane", "tab", "Next pane", "Move between text, claim and list of claims."),
        ("switch_pane_back", "shift+tab", "Previous pane", "Move between the panes the other way."),
        ("claim_list", "L", "Claims", "Show or hide the list of claims."),
        ("panel", "p", "Panel", "Make the panel larger or smaller."),
        ("maximise", "Z", "Maximise", "Give the text, or the pane you are in, all the room, or share it again."),
        ("full_width", "z w", "Full width", "Let rows of text take all the room, or as many letters as you set."),
        ("filter_claims", "K", "Filter claims", "Show only claims that match a verdict, a checker or words."),
        ("history", "H", "History", "Show who changed what in this article and the selected claim, and when."),
        ("conflicts", "C", "Conflicts", "Show conflicting changes and choose which stand."),
        ("compare", "equals_sign", "Compare", "Compare people's work on the article side by side, and settle it."),
        ("agreement", "percent_sign", "Agreement", "Show how far people agree on this article."),
        ("heat_map", "g h", "Heat map", "Show where the article's claims, leftovers and disputes lie."),
        ("replay", "g p", "Replay", "Show step by step how the check of this article grew, with its text as it stood."),
        ("export_claims", "ctrl+e", "Export", "Write the article with its claims in a format of your choice."),
        ("copy_as", "g c", "Copy as", "Copy the selected claim as text, Markdown or ClaimReview."),
        ("correct_text", "g u", "Correct the text", "Take the text from a file or an address; claims move along."),
        ("corrections", "g r", "Corrections", "Show claims whose words a correction changed: keep, retag or withdraw."),
        ("versions", "g v", "Versions", "Show the versions of the text, and what changed between them."),
        ("next_article", "g t", "Next article", "To the next of the articles you opened, where you left it."),
        ("previous_article", "g T", "Previous article", "To the article you opened before, where you left it."),
        ("tour", "g question_mark", "Tour", "Six steps on the sample article; it goes on where you left it."),
        ("library", "q|Q", "Library", "Go back to the list of articles."),
    ),
    *_scope(
        Scope.ARTICLE,
        "Work with others",
        ("review_others", "V", "Review", "Review what others tagged in this article."),
        ("inbox", "I", "Inbox", "Show what others say about your claims and reviews in this article."),
        ("next_disputed", "exclamation_mark", "Next dispute", "To the next disputed claim."),
        ("next_thread", "quotation_mark", "Next thread", "To the next claim with an unresolved thread."),
        ("missing", "g m", "What is missing", "List what is missing before you can submit; Enter goes there."),
        ("submit", "ctrl+s", "Summary and submit", "Show what is left and what reviewers said, and submit your set."),
        ("reopen", "ctrl+o", "Reopen", "Reopen your submitted set; the history keeps it."),
    ),
    *_scope(
        Scope.COMPARE,
        "Settle",
        ("settle_first", "1", "First", "The first person is right: the checker's version stands."),
        ("settle_second", "2", "Second", "The second person is right; if there are more, choose whose version stands."),
        ("settle_both", "3", "Both", "Both are right."),
        ("settle_neither", "4", "Neither", "Nobody's verdict is right, but the claim is worth checking."),
        ("settle_merged", "5", "Merged", "Combine the span, verdict and words of different people."),
        ("settle_own", "6", "Own", "Write your own: the selected span, a verdict and words."),
        ("settle_nothing", "0", "Nothing here", "There is nothing to check here."),
        ("settle_agreed", "A", "All agreed", "Settle everything that everyone agrees on."),
        ("settle_all", "T", "All of one", "Settle everything that is left as one person has it."),
        ("unsettle", "d|delete", "Take back", "Undo how the selected place was settled."),
        *UNDO,
    ),
    *_scope(
        Scope.COMPARE,
        "Compare",
        ("next_to_settle", "m", "Next to settle", "To the next place that you can settle."),
        ("previous_to_settle", "M", "Previous to settle", "To the previous place that you can settle."),
        ("next_group", "right_square_bracket", "Next place", "To the next place that someone tagged."),
        ("previous_group", "left_square_bracket", "Previous place", "To the previous place that someone tagged."),
        (
            "filter_groups",
            "f",
            "One kind",
            "Show only one kind of place. A claim and its reviews are one place. Claims of different checkers are "
            "matched one to one by overlap (shared over covered characters): the greatest first, or the earlier one if "
            "they are equal. If one person's spans share less than half, the claims stay apart.",
        ),
        ("choose_people", "P", "People", "Choose whose sets are compared."),
        ("find", "slash|ctrl+slash", "Find", "Find words in the article."),
        ("find_next", "n|f3", "Find next", "To the next match."),
        ("find_previous", "N|shift+f3", "Find previous", "To the previous match."),
        ("switch_pane", "tab", "Next pane", "Move between the text, the panel and the list."),
        ("switch_pane_back", "shift+tab", "Previous pane", "Move between the panes the other way."),
        ("group_list", "L", "List", "To the list of all places, or back to the text."),
        ("panel", "p", "Panel", "Make the panel larger or smaller."),
        ("maximise", "Z", "Maximise", "Give the text, or the pane you are in, all the room, or share it again."),
        ("full_width", "z w", "Full width", "Let rows of text take all the room, or as many letters as you set."),
        ("open_article", "O", "Article", "Open the article at the selected place."),
        ("agreement", "percent_sign", "Agreement", "Show how far people agree on this article."),
        ("export_settled", "E", "Export", "Write the article's settled set to a file, with everyone's labels."),
        ("submit", "ctrl+s", "Finish, submit", "Show what is left to settle, and submit what you have settled."),
        ("history", "H", "History", "Show who changed what in this article, and when."),
        ("conflicts", "C", "Conflicts", "Show conflicting changes and choose which stand."),
        ("close", "q|Q", "Close", "Go back."),
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
        ("jump", "apostrophe|f4", "Jump", "Show letters on the rows, and the words beside; pressing them goes there."),
        ("choose", "enter", "Choose", "Open or choose the selected row."),
    ),
    *_scope(
        Scope.PANEL,
        "Fields of the claim",
        ("edit_field", "i", "Edit", "Edit the field; leaving it saves it."),
        ("remove", "d|delete", "Remove", "Delete the selected evidence or comment."),
        ("reply", "R", "Reply", "Reply to the selected comment or review."),
        ("resolve", "o", "Resolve", "Resolve the selected thread, or reopen it."),
        ("accept", "y", "Accept", "Accept the selected proposal or suggestion; it becomes your own."),
        ("refuse", "x", "Reject, doubt", "Reject the selected proposal or suggestion, or doubt the selected evidence."),
        ("split", "vertical_line", "Split", "Divide the claim into several on the same words, a fact a line."),
        ("join", "ampersand", "Join", "Join the selected claim on the same words, or all of yours, into this one."),
        ("tick", "space", "Seen", "Tick the selected evidence as seen, or remove the tick."),
        ("open_source", "O", "Open source", "Open the source of the selected evidence in your browser."),
        ("copy_source", "Y", "Copy address", "Copy the address of the selected evidence's source."),
        ("add_evidence", "e", "Evidence", "Add evidence to the selected claim."),
        ("add_comment", "c", "Comment", "Comment on the selected claim."),
        ("pick_verdict", "r", "Verdict…", "Choose a verdict with its meaning beside it."),
        ("to_text", "escape", "Text", "Go back to the text."),
    ),
    *_scope(
        Scope.EDITOR,
        "While typing",
        ("save_field", "ctrl+s", "Do it", "Save the field and leave it; in a form, do what it asks."),
        ("leave_field", "escape", "Leave", "Leave the field; it is saved, or kept as a draft where a form decides."),
        ("next_field", "tab", "Next field", "Save and go to the next field."),
        ("previous_field", "shift+tab", "Previous field", "Save and go to the previous field."),
        ("cut", "ctrl+x", "Cut", "Cut the selected text, to paste it elsewhere."),
        ("undo_typing", "ctrl+z", "Undo typing", "Undo what you last typed, cut or restored in the field."),
        ("redo_typing", "ctrl+y|ctrl+shift+z", "Redo typing", "Redo the typing that you last undid."),
        (
            "take_theirs",
            "ctrl+t",
            "Take theirs",
            "Take what somebody else has saved in this field in place of yours.",
        ),
        ("open_fields", "ctrl+o", "Source", "Open or fold what is said of a source that the desk knows already."),
        ("edit_outside", "ctrl+g", "Your editor", "Go on in the editor that EDITOR names; a draft is kept before."),
        ("put_back", "ctrl+b", "Restore field", "Restore the field as it was before you typed; you can undo that."),
    ),
    *_scope(
        Scope.FILTER,
        "While typing to find",
        ("row_up", "up", "Up", "One row up in the list below."),
        ("row_down", "down", "Down", "One row down in the list below."),
        ("rows_up", "pageup", "Page up", "One page up in the list below."),
        ("rows_down", "pagedown", "Page down", "One page down in the list below."),
        ("choose", "enter", "Choose", "Open or choose the selected row."),
        ("complete", "tab", "Complete", "Complete a path, or go to the list below."),
        ("close", "escape", "Close", "Leave the line."),
        ("cut", "ctrl+x", "Cut", "Cut the selected text, to paste it elsewhere."),
        ("undo_typing", "ctrl+z", "Undo typing", "Undo what you last typed or cut in the line."),
        ("redo_typing", "ctrl+y|ctrl+shift+z", "Redo typing", "Redo the typing that you last undid."),
    ),
    *_scope(
        Scope.REVIEW,
        "Review",
        ("agree", "a", "Agree", "Agree with the selected claim; the next one that needs you comes up."),
        ("disagree", "D", "Disagree", "Disagree with the selected claim, and say where and why."),
        ("reject_claim", "minus", "Nothing here", "Say that the selected claim has nothing to check."),
        ("need_evidence", "E", "Needs evidence", "Say that the selected claim needs more or better evidence."),
        ("change_text", "W", "Other words", "Propose another claim text; the difference is shown."),
        ("next_open", "m", "Next for me", "To the next claim that you have not reviewed, or that has changed since."),
        ("previous_open", "M", "Previous for me", "To the previous claim that you have not reviewed, or that changed."),
    ),
    *_scope(
        Scope.PROPOSE,
        "Propose",
        ("look_on", "space", "Look at evidence", "Show the next evidence, and tick it once all of it is in view."),
        ("doubt", "U", "Doubt", "Doubt the evidence that was shown last, and say why."),
        ("open_source", "O", "Open source", "Open the source of the evidence that was shown last."),
        ("tag", "t", "Missing claim", "Tag what the checker missed: the selection, or the sentence at the caret."),
        ("tag_to_end", "T|ctrl+t", "Missing to end", "Tag what was missed, from the caret to the end of its sentence."),
        ("sweep", "s", "Sweep", "Mark the unread words of the selection or sentence as nothing to check."),
        *_verdicts("Give the selected claim your own verdict: {n} of the scheme."),
        ("clear_verdict", "0", "No verdict", "Remove your own verdict from the selected claim."),
        ("pick_verdict", "r", "Verdict…", "Choose your own verdict with its meaning beside it."),
        ("repeat", "R", "Repeat", "Give the claim your last verdict here, with its sources."),
        ("justify", "J", "Why", "Write why the evidence leads to your own verdict."),
        ("add_evidence", "e", "Evidence", "Add your own evidence to the selected claim."),
        ("add_comment", "c", "Comment", "Comment on the claim. If you have not decided yet, it counts as looked at."),
        ("edit_claim", "enter", "Panel", "Go to your review of the selected claim and its evidence."),
        *_nudges("Propose to move the {edge} {way} by a {step}."),
        ("respan", "S", "Propose span", "Propose the selection as the span of the selected claim."),
        ("delete", "d|delete", "Take back", "Remove your review of the selected claim, or the sweep at the caret."),
    ),
    *[action for scope, group, rows in SHEETS for action in _scope(Scope(scope), group, *rows)],
)

ACTION_OF = {(action.scope, action.id): action for action in ACTIONS}
"""Every action, by its scope and its id."""

CALLS: dict[str, tuple[Any, ...]] = {action.id: action.call for action in ACTIONS}
"""How each action is carried out, by its id: alike in every scope."""

_SAVING = frozenset(
    (
        "tag", "tag_to_end", "sweep", "verdict", "repeat", "clear_verdict", "delete", "nudge", "respan", "undo", "redo",
        "accept", "accept_suggestion", "reject_suggestion", "join",
        "resolve", "tick", "remove", "agree", "reject_claim", "need_evidence",
        "settle_agreed", "unsettle", "reopen", "unassign", "import_sample", "delete_article",
        "keep", "withdraw", "carry_over", "put_back",
    )
)  # fmt: skip

WRITES = frozenset(id for id, (name, *_) in CALLS.items() if name in _SAVING)
"""The actions that save at once. While something waits to be saved they are refused before they look at anything."""

_ASKS_FOR_MORE = frozenset(
    (
        "cycle",
        "copy",
        "clear",
        "source",
        "next_sentence",
        "previous_sentence",
        "this_clause",
        "jump",
        "this_sentence",
        "this_quotation",
        "next_clause",
        "previous_clause",
        "widen",
    )
)

IN_THE_TEXT_ALONE = frozenset(
    action for action in ACTIONS if action.scope is Scope.TEXT and action.id not in _ASKS_FOR_MORE
)
"""The actions that need nothing but a text and its rows: no sentence of it, no claim on it."""
