"""Schemes as people write them: what ships is sound, and what is wrong is said with its place and mend."""

from __future__ import annotations

import hashlib
import re
import string
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from store import scheme
from store.scheme import SchemeError, load, parse, shipped
from store.vocabulary import Stance

SMALL = """\
[scheme]
id = "small"
version = 2
rating_scale = { worst = 1, best = 3 }

[[verdict]]
key = "yes"
label = "Yes"
hotkey = "y"
glyph = "+"
rating = 3

[[verdict]]
key = "no"
label = "No"
hotkey = "n"
colour = "#ff0000"
glyph = "-"
requires_stance = ["refutes"]

[[type]]
key = "fact"
label = "Fact"

[[reason]]
key = "dull"
label = "Dull"
"""


def refusal(text: str) -> str:
    with pytest.raises(SchemeError) as caught:
        parse(text, "mine.toml")
    sentence = str(caught.value)
    assert sentence.startswith("mine.toml, line ") and sentence.endswith(".") and "\n" not in sentence
    return sentence


def line_of(text: str, wanted: str) -> int:
    """The last line that holds it: of two twins, the second is at fault."""
    return [number for number, line in enumerate(text.split("\n"), 1) if wanted in line][-1]


@pytest.mark.parametrize("name", shipped())
def test_a_shipped_scheme_can_be_told_apart_without_colours_and_explains_itself(name: str) -> None:
    kinds = load(name)
    assert kinds.id == name and kinds.label != name
    assert 1 <= len(kinds.active) <= 9, "digits reach them all"
    assert len({kind.glyph for kind in kinds.verdicts}) == len(kinds.verdicts)
    assert all(cell_len(kind.glyph) == 1 for kind in kinds.verdicts)
    assert all(kind.description and kind.hotkey for kind in kinds.verdicts)
    assert all(entry.description for entry in (*kinds.types, *kinds.reasons))
    assert kinds.types and kinds.reasons
    assert not {kind.hotkey for kind in kinds.verdicts} & set("qjkgG"), "a picker's own keys stay free"


def test_the_default_scheme_has_the_nine_verdicts_eleven_types_and_all_reasons() -> None:
    desk = load()
    assert shipped() == ("desk", "accuracy6", "averitec4", "factscore3", "proof", "ragtruth4", "truth6")
    assert [kind.key for kind in desk.active] == [
        "supported",
        "mostly_supported",
        "mixed",
        "misleading",
        "outdated",
        "mostly_refuted",
        "refuted",
        "not_enough_evidence",
        "not_checkable",
    ]
    assert [kind.rating for kind in desk.active] == [5, 4, 3, None, None, 2, 1, None, None]
    assert (len(desk.types), len(desk.reasons)) == (11, 17)
    assert all(entry.export["averitec"] for entry in desk.types)
    assert desk.verdict("refuted").export == {"averitec": "Refuted", "fever": "REFUTES"}
    assert {kind.guard for kind in desk.verdicts} == {"warn"}


def test_a_scheme_keeps_its_text_and_the_hash_of_it() -> None:
    desk = load("desk")
    assert desk.hash == hashlib.sha256(desk.toml.encode()).hexdigest()
    assert parse(desk.toml, "the desk") == desk
    assert load("desk") is load("desk")


@pytest.mark.parametrize(
    ("key", "justification", "stances", "missing"),
    [
        ("refuted", "", [], ["refuted needs 1 piece of evidence that refutes"]),
        ("refuted", "", ["supports"], ["refuted needs 1 piece of evidence that refutes"]),
        ("refuted", "", ["context", "refutes"], []),
        ("supported", "", [Stance.SUPPORTS], []),
        ("mixed", "", ["supports"], ["mixed needs 1 piece of evidence that refutes"]),
        ("mixed", "", ["supports", "refutes"], []),
        ("misleading", "they would think so", [], ["misleading needs 1 piece of evidence"]),
        (
            "not_enough_evidence",
            " \n",
            [],
            ["not enough evidence needs a justification that says what was looked for and where"],
        ),
        ("not_enough_evidence", "asked the ministry", [], []),
        ("not_checkable", "", [], []),
        ("never_heard_of", "", [], ["?never_heard_of is not a verdict of the scheme: give one that is"]),
    ],
)
def test_a_verdict_says_what_it_still_needs(
    key: str, justification: str, stances: list[str], missing: list[str]
) -> None:
    assert load().lacks(key, justification, stances) == missing


def test_several_pieces_of_evidence_can_be_asked_for() -> None:
    kinds = parse(SMALL.replace('requires_stance = ["refutes"]', "requires_evidence = 2"))
    assert kinds.lacks("no", "", []) == ["no needs 2 pieces of evidence"]
    assert kinds.lacks("no", "", ["context"]) == ["no needs 2 pieces of evidence; it has 1"]
    assert kinds.lacks("no", "", ["context", "context"]) == []


def test_keys_that_the_scheme_does_not_know_stay_readable() -> None:
    desk = load()
    for stranger in (desk.verdict("mystery"), desk.type("mystery"), desk.reason("mystery")):
        assert stranger.label == "?mystery" and not stranger.known
    assert desk.verdict("mystery").glyph == "?"
    assert desk.verdict("mixed").known and desk.type("event").known and desk.reason("other").known


def test_a_retired_verdict_stays_known_but_cannot_be_given() -> None:
    kinds = parse(SMALL + '[[verdict]]\nkey = "old"\nlabel = "Old"\nretired = true\nreplaced_by = "no"\n')
    assert [kind.key for kind in kinds.active] == ["yes", "no"]
    assert kinds.verdict("old").retired and kinds.verdict("old").replaced_by == "no"


def test_the_guard_of_the_scheme_holds_where_a_verdict_says_nothing() -> None:
    kinds = parse(SMALL.replace("version = 2", 'version = 2\nguard = "block"').replace('"+"', '"+"\nguard = "warn"'))
    assert [kind.guard for kind in kinds.verdicts] == ["warn", "block"]


@pytest.mark.parametrize(
    ("old", "new", "at", "says"),
    [
        ('hotkey = "n"', 'hotkey = "y"', 'hotkey = "y"', "hotkey of verdict no: y is taken by yes"),
        ('hotkey = "n"', 'hotkey = "nn"', '"nn"', "one letter"),
        ('hotkey = "n"', 'hotkey = "7"', '"7"', "digits give verdicts by their place"),
        ('key = "no"', 'key = "yes"', 'key = "yes"', "key: yes is taken by another verdict; choose another"),
        ('key = "no"', 'key = "No!"', '"No!"', "begin with a letter a to z"),
        ('key = "no"\n', "", "[[verdict]]", "this verdict has none"),
        ('label = "No"', 'label = "YES"', '"YES"', "label of verdict no: YES is taken by yes"),
        ('label = "No"\n', "", "[[verdict]]", "label of verdict no: it has none"),
        ('label = "No"', 'label = "N\\u001bo"', "\\u001b", "control character"),
        ("rating = 3", "rating = 4", "rating = 4", "4 is off the scale; write 1 to 3"),
        ("rating = 3", "rating = true", "rating = true", "True is not a whole number"),
        ("{ worst = 1, best = 3 }", "{ worst = 3, best = 3 }", "worst = 3", "best must be above worst"),
        ("{ worst = 1, best = 3 }", "{ worst = 0, best = 3 }", "worst = 0", "0 is less than 1"),
        ("{ worst = 1, best = 3 }", "{ worst = 1, bets = 3 }", "bets = 3", "bets: there is no such key"),
        ("rating_scale = { worst = 1, best = 3 }\n", "", "rating = 3", "the scheme has no scale"),
        ('glyph = "-"', 'glyph = "+"', 'glyph = "+"', "glyph of verdict no: '+' is taken by yes"),
        ('glyph = "-"', 'glyph = "--"', '"--"', "one character of one cell"),
        ('glyph = "-"', 'glyph = "⌛"', "⌛", "one character of one cell"),
        ('glyph = "-"', 'glyph = "\\u0301"', "u0301", "one character of one cell"),
        ('glyph = "-"\n', "", "[[verdict]]", "glyph of verdict no: it has none"),
        ('colour = "#ff0000"', 'colour = "gren"', "gren", "gren is not a colour; write green"),
        ('colour = "#ff0000"', 'colour = "#f00"', "#f00", "write #rrggbb"),
        ('["refutes"]', '["denies"]', "denies", "denies is not a stance; use supports, refutes, context"),
        ('["refutes"]', '"refutes"', "requires_stance", "is not a list"),
        ('glyph = "-"', 'glyph = "-"\nreplaced_by = "yess"', "yess", "yess is not another verdict; write yes"),
        ('glyph = "-"', 'glyph = "-"\nhotky = "x"', "hotky", "hotky: there is no such key here; write hotkey"),
        ('glyph = "-"', 'glyph = "-"\nguard = "stop"', "stop", 'write "warn" or "block"'),
        ('glyph = "-"', 'glyph = "-"\nrequires_evidence = -1', "-1", "-1 is less than 0"),
        ('glyph = "-"', 'glyph = "-"\n[verdict.export]\nfever = 3', "fever", "export.fever of verdict no: 3 is not"),
        ("[[type]]", "[[typ]]", "[[typ]]", "typ: there is no such key here; write type"),
        ("[[reason]]", "[reason]", "[reason]", "is not a list; write [[reason]] above each"),
        ("version = 2", "version = 0", "version = 0", "0 is less than 1"),
        ("version = 2\n", "", "[scheme]", "write version = 1"),
        ("version = 2", "version = 2\nleftover_words = 0", "leftover_words", "0 is not 1 to 99"),
        ("version = 2", "version = 2\nleftover_words = 100", "leftover_words", "100 is not 1 to 99"),
        ("version = 2", 'version = 2\nleftover_words = "4"', "leftover_words", "is not a whole number"),
        ("version = 2", "version = = 2", "version = =", "this is not TOML"),
        ("[scheme]", "[scheem]", "[scheem]", "scheem: there is no such key here; write scheme"),
    ],
)
def test_a_fault_is_named_with_its_line_and_its_mend(old: str, new: str, at: str, says: str) -> None:
    assert old in SMALL
    text = SMALL.replace(old, new)
    sentence = refusal(text)
    assert says in sentence
    assert re.match(rf"mine\.toml, line {line_of(text, at)}\b", sentence)


def test_a_scheme_needs_a_head_and_a_verdict_that_can_be_given() -> None:
    assert "begin the file with [scheme]" in refusal("")
    assert "add a [[verdict]] that is not retired" in refusal('[scheme]\nid = "none"\nversion = 1\n')
    with pytest.raises(SchemeError, match=r"this is not TOML \(it is nested too deeply"):
        parse("a = " + "[" * 100_000)


def test_text_inside_a_long_description_is_not_taken_for_a_table() -> None:
    text = SMALL.replace('glyph = "+"', 'glyph = "+"\ndescription = """\n[[verdict]]\nhotkey = 3\n"""').replace(
        'hotkey = "n"', "hotkey = 5"
    )
    assert f"line {line_of(text, 'hotkey = 5')}, hotkey of verdict no: 5 is not" in refusal(text)


def test_a_scheme_is_read_from_a_file_and_a_bad_file_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "mine.toml"
    file.write_text("\ufeff" + SMALL, "utf-8")
    assert load(file).id == "small" and load(str(file)) == load(file)
    file.write_bytes(SMALL.encode() + b"# \xff\n")
    with pytest.raises(SchemeError, match=rf"line {SMALL.count(chr(10)) + 1}: this is not UTF-8"):
        load(file)
    file.write_bytes(b"#" * (scheme.LIMIT_BYTES + 1))
    with pytest.raises(SchemeError, match="at most 1 MB"):
        load(file)
    for absent in ("deks", str(tmp_path), "a\0b"):
        with pytest.raises(SchemeError, match=r"no such scheme; name one of desk|cannot be read"):
            load(absent)


@given(st.data())
def test_any_damage_to_a_scheme_is_refused_or_read_but_never_a_crash(data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(SMALL)))
    length = data.draw(st.integers(0, 20))
    put = data.draw(st.text(string.printable + "[]\"'=é⌛\x1b", max_size=12))
    text = SMALL[:at] + put + SMALL[at + length :]
    try:
        read = parse(text, "mine.toml")
    except SchemeError as error:
        assert str(error).startswith("mine.toml, line ")
    else:
        assert read.active and read.toml == text


def test_how_many_words_a_leftover_has_to_have_is_said_by_the_scheme() -> None:
    assert {load(name).leftover_words for name in shipped()} == {4}
    for words in (1, 99):
        assert parse(SMALL.replace("version = 2", f"version = 2\nleftover_words = {words}")).leftover_words == words


def test_the_schemes_for_machine_written_texts_say_what_each_verdict_is_called_elsewhere() -> None:
    called = {
        "factscore3": ("factscore", ["S", "NS", "IR"]),
        "ragtruth4": (
            "ragtruth",
            ["Evident Conflict", "Subtle Conflict", "Evident Baseless Info", "Subtle Baseless Info"],
        ),
        "accuracy6": ("accuracy", ["NUMBER", "NAME", "WORD", "CONTEXT", "NOT_CHECKABLE", "OTHER"]),
    }
    known = {"Supported", "Refuted", "Not Enough Evidence", "Conflicting Evidence/Cherrypicking"}
    for name, (format, labels) in called.items():
        verdicts = load(name).active
        assert [kind.export[format] for kind in verdicts] == labels
        assert {kind.export.get("averitec", "Refuted") for kind in verdicts} <= known
        assert {kind.export.get("fever", "REFUTES") for kind in verdicts} <= {"SUPPORTS", "REFUTES", "NOT ENOUGH INFO"}
    assert "averitec" not in load("factscore3").verdict("not_supported").export  # refuted, or nowhere to be found


def test_the_scheme_may_put_your_own_pass_first() -> None:
    assert not any(load(name).own_pass_first for name in shipped())
    toml = load("desk").toml.replace("version = 1\n", "version = 1\nown_pass_first = true\n", 1)
    assert parse(toml).own_pass_first
    assert "own_pass_first" in refusal(toml.replace("own_pass_first = true", "own_pass_first = 1"))
