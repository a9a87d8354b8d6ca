"""Checking an article by plain questions: what is not read yet, place by place, and the claims in it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from functools import partial

from store.access.fields import CLAIM
from store.desk import Desk
from store.errors import Refused, TaggedByAnother, Unknown
from store.log.kinds import LISTS
from store.records import Article, Claim, Sweep
from store.reports import Undone
from store.text.coverage import Coverage, Place
from store.text.units import Span
from store.vocabulary import Role, field_words
from tui.linear.article_text import READ, ArticleText
from tui.linear.claim_answers import ON_COMMENTS, ON_EVIDENCE, ON_FACTS, ClaimAnswers
from tui.linear.claim_words import claim_named, claim_standing, details, undone_words
from tui.linear.conversation import EVER, SUBMITTED, Conversation, Over, Reply, understood, whole
from tui.linear.inbox import INBOX, LinearInbox
from tui.linear.suggestions import SUGGESTIONS, LinearSuggestions
from tui.linear.who_is_here import LinearCompany
from tui.text.spans import reading_order

_AT_A_PLACE = (
    Reply("tag", "makes it a claim; with words behind it, only those words", "[WORDS]"),
    Reply("clauses", "lists its clauses, to tag one or several of them"),
    Reply("words", "lists its words with numbers; with numbers behind it, tags those", "[3-7]"),
    Reply("sweep", "says that it has nothing to check, or takes that back; with numbers, only those words", "[3-7]"),
    Reply("next", "goes to the next place that is left, or claim that lacks something"),
    Reply("back", "goes to the place before"),
)
_AT_A_CLAIM = (
    Reply("skip", "goes on without a verdict"),
    Reply("why", "says why the verdict", "[WORDS]"),
    ON_EVIDENCE[0],
    Reply("comment", "adds a comment", "[WORDS]"),
    Reply("set", "changes a field, as in: set claimant Ri", "[FIELD WORDS]"),
    Reply("edges", "lists the words around it with numbers; with numbers, makes those the claim", "[3-7]"),
    Reply("tell", "tells all that is said of it"),
    Reply("delete", "deletes it"),
    Reply("next", "goes to the next place that is left, or claim that lacks something"),
    Reply("back", "goes to the place before"),
)
_MORE_AT_A_CLAIM = (
    Reply("repeat", "gives it the verdict, stance and sources of the claim you judged last"),
    *ON_EVIDENCE[1:],
    *ON_COMMENTS,
    *ON_FACTS,
)
_ALWAYS = (
    Reply("find", "goes to the sentence with these words", "WORDS"),
    Reply("list", "lists your claims, and others' that you see"),
    Reply("claim", "goes to a claim", "C5"),
    Reply("own", "tags the same words as yours, where somebody else has tagged them"),
    Reply("state", "says how much is read and checked"),
    INBOX,
    SUGGESTIONS,
    READ,
    Reply("submit", "submits your set on this article"),
    Reply("reopen", "opens your submitted set again"),
    *EVER,
)


class LinearCheck:
    """A conversation about one article, from its first open sentence until nothing is left or nobody answers."""

    def __init__(self, desk: Desk, article: Article, talk: Conversation) -> None:
        self._desk = desk
        self._talk = talk
        self._said = ArticleText(desk, article, talk)
        self._company = LinearCompany(desk, self._said, talk, self._anew)
        self._answers = ClaimAnswers(desk, talk)
        self._inbox = LinearInbox(desk, article, talk)
        self._suggestions = LinearSuggestions(desk, article, self._said, talk)
        self._place: Place | None = None
        self._claim = ""
        self._others: Span | None = None
        """Words that somebody else has tagged, which were to be tagged: `own` tags them all the same."""
        self._does: dict[str, Callable[[str], None]] = {
            "tag": self._tag, "clauses": self._clauses, "words": self._words, "sweep": self._sweep,
            "next": self._next, "skip": self._next, "back": self._back, "why": self._why, "evidence": self._evidence,
            "comment": self._comment, "set": self._set, "edges": self._edges, "tell": self._tell,
            "delete": self._delete, "find": self._find, "list": self._list, "claim": self._go, "own": self._own,
            "state": self._state, "undo": self._undo, "redo": self._redo, "submit": self._submit, "help": self._help,
            "quit": self._quit, "repeat": self._repeat, "split": self._split, "join": self._join, "inbox": self._hear,
            "suggestions": lambda _: self._suggested(), "read": self._read, "reopen": self._reopen,
            **{word: partial(self._at_claim, word) for word in ("change", "remove", "reply", "resolve")},
        }  # fmt: skip

    def run(self) -> None:
        """Talk until the input ends or somebody quits."""
        self._talk.carry_on(self._begin, self._turn, lambda: self._desk.lost)

    def _begin(self) -> None:
        self._talk.say(f"Article {self._said.article.number}: {self._said.article.title or '(no title)'}")
        self._state("")
        self._inbox.point_out()
        self._suggestions.point_out()
        self._take(self._first(0))

    def _anew(self) -> None:
        """Say where you are in a text that was corrected."""
        self._take(self._at_hand() or self._first(0))

    # Turns

    def _turn(self) -> None:
        line = self._company.ask(self._question)
        if not self._is_there():
            return
        claim = self._at_hand()
        answers = (*self._answers_here(claim), *(_MORE_AT_A_CLAIM if claim else ()), *_ALWAYS)
        if claim and (number := whole(line)) is not None:
            self._give(claim, number)
        elif line:
            word, rest = understood(line, answers)
            self._does[word](rest)
        else:
            self._take(claim or self._place)

    def _answers_here(self, claim: Claim | None) -> Sequence[Reply]:
        if claim is not None:
            return _AT_A_CLAIM[bool(claim.verdict) :]
        return _AT_A_PLACE if self._place else ()

    def _question(self) -> str:
        self._is_there()
        claim = self._at_hand()
        words = ", ".join(answer.word for answer in self._answers_here(claim))
        if claim is not None and claim.verdict:
            return f"What now with {claim.name}? a number for another verdict, {words}, help"
        if claim is None:
            return (
                f"What is it? {words}, find, list, help" if self._place else "What now? find, list, submit, help, quit"
            )
        given = self._desk.scheme.active
        choices = ", ".join(f"{number} {kind.label}" for number, kind in enumerate(given, 1))
        return f"Verdict of {claim.name}? {choices}; or {words}, help"

    def _is_there(self) -> bool:
        """Whether the claim that is spoken of is there still; where it is not, that is said, and what comes next."""
        if not self._claim or self._at_hand():
            return True
        self._talk.say("The claim you were at has been deleted.")
        self._take(self._first(self._place.start if self._place else 0))
        return False

    def _at_hand(self) -> Claim | None:
        """The claim that is spoken of, as it is now."""
        if self._claim:
            with suppress(Unknown):  # it has been deleted, or its tagging undone
                return self._desk.claims.get(self._claim)
            self._claim = ""
        return None

    def _take(self, what: Claim | Place | None) -> None:
        """Speak of a claim or a place from now on, and say what it is."""
        if isinstance(what, Claim):
            self._claim = what.id
            self._talk.say(f"{claim_named(what, self._desk.reviewer)} {claim_standing(self._desk, what)}")
            return
        self._claim, self._place = "", what
        if what is None:
            self._talk.say("Nothing is left to read, and every claim is checked.")
            return
        kind = "leftover" if what.leftover else "open" if what in self._coverage.residue else "read"
        if kind == "read" and self._swept(what):
            kind = "swept"
        self._talk.say(f"Sentence {self._said.number(what.start)}, {kind}: {self._said.says(what.start, what.end)}")

    def _is_left(self, place: Place) -> bool:
        return any(left.start < place.end and left.end > place.start for left in self._coverage.residue)

    def _swept(self, place: Place) -> list[Sweep]:
        """The sweeps at a place."""
        found = self._desk.sweeps.of(self._said.article)
        return [sweep for sweep in found if sweep.start < place.end and sweep.end > place.start]

    @property
    def _coverage(self) -> Coverage:
        return self._desk.coverage.of(self._said.article)

    # Going on

    def _first(self, offset: int, behind: Claim | None = None) -> Claim | Place | None:
        """The first place left at an offset or behind it, else the first at all; then a claim that lacks something,
        the next one ``behind`` a claim where that is given."""
        left = self._coverage.residue
        found = next((place for place in left if place.start >= offset), left[0] if left else None)
        if found is not None:
            return found
        lacks = self._desk.claims.lacking(self._said.article)
        claims = [claim for claim in self._desk.claims.of(self._said.article) if claim.id in lacks]
        after = reading_order(behind) if behind else (offset - 1, 0, "")
        return next(iter([claim for claim in claims if reading_order(claim) > after] or claims), None)

    def _next(self, rest: str) -> None:
        claim = self._at_hand()
        if claim is not None:
            # What is left of the sentence in which the claim stands comes first.
            self._go_on(self._first(self._said.sentence(claim.start)[0], claim), claim)
        else:
            self._go_on(self._first(self._place.end if self._place else 0), self._place)

    def _go_on(self, to: Claim | Place | None, before: Claim | Place | None) -> None:
        """Take what comes next, and say where that is the same again, or the first of its kind once more."""
        if isinstance(to, Claim) and isinstance(before, Claim):
            if to.id == before.id:
                self._talk.say("This is the only claim that lacks something.")
            elif reading_order(to) < reading_order(before):
                self._talk.say("Wrapped around to the first claim that lacks something.")
        elif isinstance(to, Place) and isinstance(before, Place):
            if (to.start, to.end) == (before.start, before.end):
                self._talk.say("This is the only place left.")
            elif to.start < before.start:
                self._talk.say("Wrapped around to the first unread place.")
        self._take(to)

    def _back(self, rest: str) -> None:
        claim = self._at_hand()
        at = claim.start if claim else self._place.start if self._place else self._said.end
        before = [place for place in self._coverage.residue if place.start < at]
        if not before:
            raise Refused("Nothing before this is left.")
        self._take(before[-1])

    def _find(self, rest: str) -> None:
        start, _ = self._said.place(rest, self._place.end if self._place else 0)
        self._take(Place(*self._said.sentence(start)))

    def _list(self, rest: str) -> None:
        claims = self._desk.claims.of(self._said.article)
        for claim in claims:
            self._talk.say(f"{claim_named(claim, self._desk.reviewer)} {claim_standing(self._desk, claim)}")
        if not claims:
            self._talk.say("There is no claim yet.")

    def _go(self, rest: str) -> None:
        if not rest:
            raise Refused("Say which claim, as in: claim C5")
        self._take(self._desk.claims.get(rest.upper() if rest[:1] in "cC" else rest, self._said.article))

    # Places

    def _here(self) -> Place:
        if self._place is None:
            raise Refused("There is no sentence here: find one, or go to a claim.")
        return self._place

    def _tag(self, rest: str) -> None:
        place = self._here()
        span = self._said.within(place.start, place.end, rest) if rest else (place.start, place.end)
        self._make(span, place.leftover and not rest)

    def _make(self, span: Span, leftover: bool = False, *, own: bool = False) -> None:
        claims = self._desk.claims
        try:
            if not own:
                span = claims.chosen(self._said.article, *span, leftover)
            claim = claims.tag(self._said.article, *span, own=own)
        except TaggedByAnother as theirs:
            self._others = (theirs.claim.start, theirs.claim.end)
            raise Refused(f"{theirs} Say own to tag it as yours too.") from None
        self._take(claim)
        near = self._desk.claims.near_copy(claim)
        if near is not None and near.created <= claim.created:
            self._talk.say(f"{claim.name} is nearly the same as {near.name}: claim {near.name} goes there.")

    def _own(self, rest: str) -> None:
        if self._others is None:
            raise Refused("Nothing was just to be tagged that somebody else has tagged.")
        span, self._others = self._others, None
        self._make(span, own=True)

    def _clauses(self, rest: str) -> None:
        place = self._here()
        if span := self._said.clauses(place.start, place.end, rest):
            self._make(span)

    def _words(self, rest: str) -> None:
        place = self._here()
        if span := self._said.words(place.start, place.end, rest):
            self._make(span)

    def _sweep(self, rest: str) -> None:
        place = self._here()
        span: Span | None = (place.start, place.end)
        if rest:
            span = self._said.words(place.start, place.end, rest)
        elif not self._is_left(place) and (swept := self._swept(place)):
            self._desk.sweeps.take_back(swept)
            self._talk.say(f"Took {'the sweep' if len(swept) == 1 else 'the sweeps'} back.")
            self._take(place)
            return
        if span is not None:
            left = self._desk.coverage.left(self._said.article, *span)
            if not left:
                raise Refused("Nothing is left to sweep here: every word is in a claim or a sweep.")
            self._desk.sweeps.add_all(self._said.article, left)
        self._go_on(self._first(place.start), place)

    # Claims

    def _spoken_of(self) -> Claim:
        claim = self._at_hand()
        if claim is None:
            raise Refused("Which claim? Go to one first, as in: claim C5")
        return claim

    def _give(self, claim: Claim, number: int) -> None:
        choices = self._desk.scheme.active
        if number > len(choices):
            raise Refused(f"There is no verdict {number}: say a number from 1 to {len(choices)}, or 0 for none.")
        self._desk.verdicts.give(claim, choices[number - 1].key if number else "")
        if aside := self._desk.verdicts.put_aside(claim):
            self._talk.say(aside)
        self._stood(claim)

    def _stood(self, claim: Claim) -> None:
        """Say where a claim stands after a change, and go on where it lacks nothing."""
        claim = self._desk.claims.get(claim)
        self._talk.say(f"{claim.name}: {claim_standing(self._desk, claim)}")
        if claim.verdict and not self._desk.claims.lacking(claim.article, [claim.id]):
            self._next("")

    def _why(self, rest: str) -> None:
        claim = self._spoken_of()
        self._desk.verdicts.justify(claim, self._talk.wanted(rest, "Why"))
        self._stood(claim)

    def _comment(self, rest: str) -> None:
        self._desk.reviews.remark(self._spoken_of(), self._talk.wanted(rest, "Your comment"))
        self._talk.say("Comment added.")

    def _evidence(self, rest: str) -> None:
        claim = self._spoken_of()
        self._answers.evidence(claim, rest)
        self._stood(claim)

    def _at_claim(self, word: str, rest: str) -> None:
        """What changes something at the claim, and does not go on from it."""
        getattr(self._answers, word)(self._spoken_of(), rest)

    def _repeat(self, rest: str) -> None:
        claim = self._spoken_of()
        like = self._answers.like(claim)
        self._desk.verdicts.repeat(claim, like)
        self._talk.say(f"As on {like.name}.")
        self._stood(claim)

    def _split(self, rest: str) -> None:
        self._take(self._answers.split(self._spoken_of())[0])

    def _join(self, rest: str) -> None:
        self._take(self._answers.join(self._spoken_of()))

    def _set(self, rest: str) -> None:
        claim = self._spoken_of()
        name, _, value = rest.partition(" ")
        name = name.replace("-", "_").casefold()
        if name not in CLAIM:
            raise Refused(f"Say a field and what it is to hold: {', '.join(CLAIM)}. Nothing behind it empties it.")
        many = name in LISTS
        held = [one.strip() for one in value.split(",") if one.strip()] if many else value.strip()
        self._desk.claims.edit(claim, **{name: held})
        self._talk.say(f"{claim.name}: {field_words(name)} is {value.strip() or 'empty'}.")

    def _edges(self, rest: str) -> None:
        claim = self._spoken_of()
        if span := self._said.tagged(*self._said.around(claim.start, claim.end), rest):
            self._take(self._desk.claims.move(claim, *span))

    def _tell(self, rest: str) -> None:
        claim = self._spoken_of()
        self._talk.say(claim_named(claim, self._desk.reviewer))
        for sentence in details(self._desk, claim):
            self._talk.say(sentence)

    def _delete(self, rest: str) -> None:
        claim = self._spoken_of()
        self._desk.delete(claim)
        self._talk.say(f"Deleted {claim.name}. Undo brings it back.")
        self._take(self._first(self._said.sentence(claim.start)[0]))

    # The whole

    def _state(self, rest: str) -> None:
        coverage = self._coverage
        checked = self._desk.claims.checked(self._desk.claims.of(self._said.article))
        said = f"Checked {checked}." if checked.claims else "No claim yet."
        self._talk.say(f"Read {coverage.percent} percent, {coverage.left} to read. {said}".replace(" · ", ", "))
        if self._desk.submissions.is_submitted(self._said.article, Role.CHECKER.value):
            self._talk.say(SUBMITTED)

    def _undo(self, rest: str) -> None:
        self._did_again(self._desk.history.undo())

    def _redo(self, rest: str) -> None:
        self._did_again(self._desk.history.redo())

    def _did_again(self, undone: Undone) -> None:
        self._talk.say(undone_words(undone, self._said.article.id))
        self._take(self._at_hand() or self._first(self._place.start if self._place else 0))

    def _submit(self, rest: str) -> None:
        left = self._coverage
        asks = f"Left unread: {left.left}. Submit all the same?"
        if not left.nothing_left and self._talk.one_of(asks, ["yes"], "no") is None:
            raise Refused("Not submitted.")
        self._desk.submissions.submit(self._said.article, Role.CHECKER.value)
        self._talk.say("Submitted. Your set is locked until you reopen it.")

    def _reopen(self, rest: str) -> None:
        self._desk.submissions.reopen(self._said.article, Role.CHECKER.value)
        self._talk.say("Reopened: you can change your set again.")

    def _hear(self, rest: str) -> None:
        self._take(self._inbox.run() or self._at_hand() or self._place)

    def _suggested(self) -> None:
        self._suggestions.run()
        self._take(self._at_hand() or self._first(self._place.start if self._place else 0))

    def _read(self, rest: str) -> None:
        claim = self._at_hand()
        self._said.read(rest, claim.start if claim else self._place.start if self._place else 0)

    def _help(self, rest: str) -> None:
        here = (*_AT_A_CLAIM, *_MORE_AT_A_CLAIM) if self._at_hand() else _AT_A_PLACE
        self._talk.explain("says again where you are", (*here, *_ALWAYS))

    def _quit(self, rest: str) -> None:
        raise Over
