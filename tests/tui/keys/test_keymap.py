"""The key map: what people write, what works together, what a pressed key means."""

from __future__ import annotations

import string
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from store.errors import Refused
from tests.kit.depth import examples
from tui.keys import keyboard_layouts
from tui.keys.actions_and_keys import ACTIONS, Scope
from tui.keys.keymap import CHAINS, TYPING, KeyMap, KeyReader, Reading, canonical, display, is_printable, parse

TEXT = (Scope.CHECK, Scope.TEXT, Scope.ARTICLE, Scope.EVERYWHERE)
EDITOR = (Scope.EDITOR, Scope.PANEL, Scope.ARTICLE, Scope.EVERYWHERE)


def key_file(tmp_path: Path, *lines: str) -> Path:
    path = tmp_path / "keys.toml"
    path.write_text("\n".join(("[keys]", *lines)), encoding="utf-8")
    return path


def keys_of(keymap: KeyMap, id: str, scope: Scope) -> list[str]:
    action = next(a for a in ACTIONS if a.id == id and a.scope is scope)
    return [display(key) for key in keymap.keys(action)]


def fed(keymap: KeyMap, scopes: tuple[Scope, ...], *keys: str) -> list[object]:
    reader = KeyReader(keymap)
    read = [reader.feed(canonical(key), scopes) for key in keys]
    return [meant if isinstance(meant, Reading) or meant is None else meant.id for meant in read]


# The registry


def test_every_action_has_words_and_keys_a_terminal_can_send() -> None:
    for action in ACTIONS:
        assert action.id.isidentifier() and action.title and action.help.endswith("."), action
        for key in (key for keys in action.keys for key in parse(keys)):
            assert key not in ("ctrl+h", "ctrl+i", "ctrl+j", "ctrl+m"), f"{action.id}: {key} never arrives"


def test_no_scope_has_an_action_twice() -> None:
    known = [(action.scope, action.id) for action in ACTIONS]
    assert len(known) == len(set(known))


@pytest.mark.parametrize("chain", CHAINS, ids=lambda chain: "-".join(chain))
def test_no_two_default_keys_stand_in_each_others_way(chain: tuple[Scope, ...]) -> None:
    typing = chain[0] in TYPING
    bound = [(parse(keys), action) for action in ACTIONS if action.scope in chain for keys in action.keys]
    bound = [(keys, action) for keys, action in bound if not (typing and is_printable(keys[0]))]
    for keys, action in bound:
        for others, other in bound:
            if action is not other and {action.id, other.id} not in ({action.id}, {"look_on", "page_down"}):
                assert keys[: len(others)] != others, f"{display(' '.join(keys))}: {action.id} and {other.id}"


def test_every_default_key_does_its_action_where_it_should() -> None:
    keymap = KeyMap.load()
    for action in ACTIONS:
        chain = next(chain for chain in CHAINS if action.scope in chain)
        for keys in action.keys:
            if not (chain[0] in TYPING and is_printable(keys)):
                assert fed(keymap, chain, *keys.split())[-1] == action.id


def test_typing_scopes_bind_no_key_that_types() -> None:
    for action in ACTIONS:
        if action.scope in TYPING:
            assert not any(is_printable(key) for keys in action.keys for key in parse(keys)), action.id


# How people write keys


@pytest.mark.parametrize(
    ("written", "inside", "shown"),
    [
        ("?", "question_mark", "?"),
        (",", "comma", ","),
        ("]", "right_square_bracket", "]"),
        ("G", "G", "G"),
        ("shift+g", "G", "G"),
        ("space", "space", "Space"),
        ("Ctrl+P", "ctrl+p", "Ctrl+P"),
        ("ctrl-p", "ctrl+p", "Ctrl+P"),
        ("esc", "escape", "Esc"),
        ("→", "right", "→"),
        ("shift+right", "shift+right", "Shift+→"),
        ("pgdn", "pagedown", "PgDn"),
        ("ctrl+/", "ctrl+slash", "Ctrl+/"),
        ("ctrl+_", "ctrl+slash", "Ctrl+/"),
        ("alt+<", "alt+less_than_sign", "Alt+<"),
        ("-", "minus", "-"),
        ("ctrl++", "ctrl+plus", "Ctrl++"),
        ("é", "é", "é"),
        ("ж", "ж", "ж"),
        ("F5", "f5", "F5"),
    ],
)
def test_a_key_is_understood_and_shown_back_as_people_know_it(written: str, inside: str, shown: str) -> None:
    assert canonical(written) == inside
    assert display(inside) == shown
    assert canonical(shown) == inside


def test_what_is_shown_can_be_written_back() -> None:
    for action in ACTIONS:
        for keys in action.keys:
            assert " ".join(parse(display(keys))) == " ".join(parse(keys))


@given(st.characters(min_codepoint=33, max_codepoint=126))
def test_every_ascii_character_is_a_key(character: str) -> None:
    assert display(canonical(character)) == character


@pytest.mark.parametrize("written", ["banana", "ctrl+banana", "", "  ", "pageside", "ctrl+"])
def test_what_is_no_key_is_refused(written: str) -> None:
    with pytest.raises(Refused, match="not a key"):
        parse(written)


# A person's own keys


def test_without_a_file_the_defaults_hold(tmp_path: Path) -> None:
    assert keys_of(KeyMap.load(tmp_path / "missing.toml"), "tag", Scope.CHECK) == ["t"]


def test_an_override_changes_its_action_and_leaves_the_others(tmp_path: Path) -> None:
    keymap = KeyMap.load(key_file(tmp_path, 'tag = ["B", "ctrl+n"]', 'sweep = "z z"', "widen = []"))
    assert keys_of(keymap, "tag", Scope.CHECK) == ["B", "Ctrl+N"]
    assert fed(keymap, TEXT, "z", "z") == [Reading.PENDING, "sweep"]
    assert fed(keymap, TEXT, "t", "x", "B") == [None, None, "tag"]
    assert keys_of(keymap, "cycle", Scope.TEXT) == ["o"]
    assert keymap.clashes == ()


def test_an_override_without_a_scope_holds_wherever_the_action_is(tmp_path: Path) -> None:
    keymap = KeyMap.load(key_file(tmp_path, 'undo = "U"'))
    assert keys_of(keymap, "undo", Scope.ARTICLE) == keys_of(keymap, "undo", Scope.LIBRARY) == ["U"]


@pytest.mark.parametrize("line", ['"library.undo" = "B"', 'library.undo = "B"', '[keys.library]\nundo = "B"'])
def test_an_override_for_one_scope_beats_the_general_one(tmp_path: Path, line: str) -> None:
    keymap = KeyMap.load(key_file(tmp_path, 'undo = "U"', line))
    assert keys_of(keymap, "undo", Scope.ARTICLE) == ["U"]
    assert keys_of(keymap, "undo", Scope.LIBRARY) == ["B"]


def test_a_printable_key_for_an_action_does_not_reach_into_what_is_typed(tmp_path: Path) -> None:
    keymap = KeyMap.load(key_file(tmp_path, 'row_down = "n"', 'close = "x"'))
    assert keys_of(keymap, "row_down", Scope.LIST) == ["n"]
    assert keys_of(keymap, "row_down", Scope.FILTER) == ["↓"]
    assert fed(keymap, (Scope.FILTER, Scope.FORM, Scope.EVERYWHERE), "n", "x", "escape") == [None, None, "close"]


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        (("", 'next_clame = "x"'), "line 3, next_clame: there is no such action; did you mean next_claim?"),
        (('article.tga = "x"',), "line 2, 'article.tga': there is no such action"),
        (('tag = "banana"',), "line 2, tag: “banana” is not a key"),
        (('tag = ""',), "line 2, tag: An empty text is not a key"),
        (("tag = 7",), "line 2, tag: it must be a key, a list of keys, or [] for none"),
        (('editor.save_field = "x"',), "line 2, editor.save_field: it works while you type"),
        (("tag = ",), "line 2"),
    ],
)
def test_a_wrong_key_file_is_refused_with_file_and_line(tmp_path: Path, lines: tuple[str, ...], said: str) -> None:
    path = key_file(tmp_path, *lines)
    with pytest.raises(Refused) as refused:
        KeyMap.load(path)
    assert str(refused.value).startswith(str(path))
    assert said in str(refused.value)


def test_a_key_file_that_is_no_text_or_no_table_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "keys.toml"
    path.write_bytes(b"[keys]\ntag = '\xff'")
    with pytest.raises(Refused, match="cannot be read: it is not UTF-8"):
        KeyMap.load(path)
    path.write_text("keys = 3")
    with pytest.raises(Refused, match="line 1, keys: it must be a table"):
        KeyMap.load(path)


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ('tag = "x"', "line 2: x is meant for “Tag”, but x is “Widen” in the same place; “Tag” wins."),
        ('sweep = "g"', "g is meant for “Sweep”, but g g is “Start” in the same place; “Sweep” wins."),
        ('sweep = "t t"', "t t is meant for “Sweep”, but t is “Tag” in the same place; “Tag” wins."),
        ('next_claim = "t"', "t is meant for “Next claim”, but t is “Tag” in the same place; “Tag” wins."),
        ('tag = "ctrl+h"', "terminals send Ctrl+H as Backspace"),
    ],
)
def test_clashes_are_told_in_words_and_the_map_works_on(tmp_path: Path, line: str, said: str) -> None:
    path = key_file(tmp_path, line)
    keymap = KeyMap.load(path)
    assert any(said in clash and str(path) in clash for clash in keymap.clashes), keymap.clashes
    assert fed(keymap, TEXT, "v") == ["select"]


@pytest.mark.parametrize(
    ("line", "key", "does"),
    [('tag = "x"', "x", "tag"), ('sweep = "g"', "g", "sweep"), ('next_claim = "t"', "t", "tag")],
)
def test_the_winner_that_is_named_is_the_one_that_is_done(tmp_path: Path, line: str, key: str, does: str) -> None:
    assert fed(KeyMap.load(key_file(tmp_path, line)), TEXT, key) == [does]


def test_keys_in_places_that_never_meet_do_not_clash(tmp_path: Path) -> None:
    assert KeyMap.load(key_file(tmp_path, 'import_articles = "t"', 'panel.reply = "w w"')).clashes == ()


# Reading


def test_a_sequence_waits_for_its_end() -> None:
    reader = KeyReader(KeyMap.load())
    assert reader.feed("g", TEXT) is Reading.PENDING
    assert reader.pending == "g"
    action = reader.feed("g", TEXT)
    assert not isinstance(action, Reading) and action is not None and action.id == "text_start"
    assert reader.pending == ""


def test_escape_drops_a_begun_sequence_and_does_nothing_else() -> None:
    assert fed(KeyMap.load(), TEXT, "g", "escape", "escape") == [Reading.PENDING, Reading.DROPPED, "clear"]


def test_a_sequence_that_means_nothing_is_dropped_with_its_last_key() -> None:
    assert fed(KeyMap.load(), TEXT, "g", "d", "d") == [Reading.PENDING, Reading.DROPPED, "delete"]


def test_the_nearest_scope_has_the_key() -> None:
    assert fed(KeyMap.load(), TEXT, "escape") == ["clear"]
    assert fed(KeyMap.load(), (Scope.PANEL, Scope.ARTICLE, Scope.EVERYWHERE), "escape", "n") == ["to_text", "find_next"]


def test_while_typing_printable_keys_are_text_and_the_screen_around_is_deaf() -> None:
    keys = ("t", "?", "space", "ctrl+z", "ctrl+q", "f1", "escape")
    assert fed(KeyMap.load(), EDITOR, *keys) == [None, None, None, "undo_typing", "quit", "help", "leave_field"]


def test_an_unbound_alt_key_is_escape_and_the_key() -> None:
    reader = KeyReader(KeyMap.load())
    assert reader.apart("alt+j", TEXT) == ("escape", "j")
    assert reader.apart("alt+shift+g", TEXT) == ("escape", "G")
    assert reader.apart("alt+left", TEXT) == ("alt+left",)
    assert reader.apart("j", TEXT) == ("j",)


def test_a_bound_alt_key_is_itself(tmp_path: Path) -> None:
    reader = KeyReader(KeyMap.load(key_file(tmp_path, 'tag = "alt+j"')))
    assert reader.apart("alt+j", TEXT) == ("alt+j",)


@settings(max_examples=examples(60))
@given(st.lists(st.sampled_from([key for action in ACTIONS for keys in action.keys for key in parse(keys)])))
def test_whatever_was_typed_escape_leaves_no_sequence_open(keys: list[str]) -> None:
    reader = KeyReader(KeyMap.load())
    for key in keys:
        meant = reader.feed(key, TEXT)
        assert (meant is Reading.PENDING) == bool(reader.pending)
    reader.feed("escape", TEXT)
    assert reader.pending == ""


def test_the_listing_has_every_action_once_with_its_keys() -> None:
    groups = KeyMap.load().groups()
    rows = [(group.scope, row) for group in groups for row in group.rows]
    assert len(rows) == len(ACTIONS)
    assert (Scope.LIST, ("Home · g g", "First", "To the first row.")) in rows


@pytest.mark.parametrize(
    ("lines", "line", "says"),
    [
        (["[kyes]", 'tag = "T"'], 1, "kyes: there is no such key here; write keys"),
        (["# mine", 'tag = "T"'], 2, "tag: write it below a line that says [keys]"),
        (["[keys]", 'tag = "T"', "[article]", 'copy = "Z"'], 3, "article: write it below a line that says [keys]"),
        (["[colours]", 'claim = "red"'], 1, "colours: there is no such key here"),
    ],
)
def test_what_stands_beside_the_table_of_keys_is_told(tmp_path: Path, lines: list[str], line: int, says: str) -> None:
    path = tmp_path / "keys.toml"
    path.write_text("\n".join(lines), encoding="utf-8")
    with pytest.raises(Refused) as refusal:
        KeyMap.load(path)
    assert f"{path}, line {line}, {says}" in str(refusal.value)


# By place


@pytest.mark.parametrize("layout", keyboard_layouts.LAYOUTS, ids=[layout.script for layout in keyboard_layouts.LAYOUTS])
def test_a_layout_has_one_place_for_each_letter(layout: keyboard_layouts.Layout) -> None:
    assert len(layout.letters) == len(layout.places) == len(set(layout.letters))
    assert set(layout.places) <= set("`1234567890-=[]\\;',./#" + string.ascii_lowercase)


@pytest.mark.parametrize(
    ("keys", "means"),
    [
        ("е", "tag"),
        ("Ж", "previous_clause"),
        ("я Д", "end_on_character"),
        ("τ", "tag"),
        ("ή", "left"),
        ("א", "tag"),
        ("ف", "tag"),
        ("ctrl+ы", "submit"),
        ("ы", "sweep"),
        ("ї", "next_claim"),
        ("ñ", None),
        ("я ñ", Reading.DROPPED),
    ],
)
def test_a_letter_of_another_script_is_read_by_its_place(keys: str, means: object) -> None:
    assert fed(KeyMap.load(), TEXT, *keys.split())[-1] == means


def test_while_typing_a_letter_is_a_letter_and_a_control_key_lies_where_it_lies() -> None:
    assert fed(KeyMap.load(), EDITOR, "ы", "ctrl+ы") == [None, "save_field"]


def test_what_a_key_is_comes_before_its_place(tmp_path: Path) -> None:
    assert fed(KeyMap.load(key_file(tmp_path, 'sweep = "е"')), TEXT, "е") == ["sweep"]


@pytest.mark.parametrize("first", ["ђ", "Ј"])
def test_a_letter_of_a_layout_that_differs_drops_the_table(first: str) -> None:
    reader = KeyReader(KeyMap.load())
    assert reader.feed(first, TEXT) is None and reader.feed("е", TEXT) is None


def test_keys_are_not_read_by_place_where_nobody_wants_it() -> None:
    assert KeyReader(KeyMap.load(), by_place=False).feed("е", TEXT) is None
