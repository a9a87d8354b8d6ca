"""Checking an article by plain questions: what is not read yet, place by place, and the claims in it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress

from store.desk import Desk
from store.errors import Refused, TaggedByAnother, Unknown
from store.records import Article, Claim
from store.text import tagged, units
from store.text.clauses import clauses
from store.text.coverage import Coverage, Place
from store.text.find import find
from store.text.units import Span
from store.vocabulary import Role, Stance
from tui.plain.claim_words import claim_named, claim_standing, details
from tui.plain.company import PlainCompany
from tui.plain.conversation import EVER, Conversation, Over, Reply, understood

_AT_A_PLACE = (
    Reply("tag", "makes it a claim; with words behind it, only those words", "[WORDS]"),
    Reply("clauses", "lists its clauses, to tag one or several of them"),
    Reply("words", "lists its words with numbers; with numbers behind it, tags those", "[3-7]"),
    Reply("sweep", "says that it has nothing to check; with numbers, only those words", "[3-7]"),
    Reply("next", "goes to the next place that is left, or claim that lacks something"),
    Reply("back", "goes to the place before"),
)
_AT_A_CLAIM = (
    Reply("skip", "goes on without a verdict"),
    Reply("why", "says why the verdict", "[WORDS]"),
    Reply("evidence", "adds evidence, asking for each part", "[ADDRESS]"),
    Reply("comment", "adds a comment", "[WORDS]"),
    Reply("set", "changes a field, as in: set claimant Ri", "[FIELD WORDS]"),
    Reply("edges", "lists the words around it with numbers; with numbers, makes those the claim", "[3-7]"),
    Reply("tell", "tells all that is said of it"),
    Reply("delete", "deletes it"),
    Reply("next", "goes to the next place that is left, or claim that lacks something"),
    Reply("back", "goes to the place before"),
)
_ALWAYS = (
    Reply("find", "goes to the sentence with these words", "WORDS"),
    Reply("list", "lists your claims, and others' that you see"),
    Reply("claim", "goes to a claim", "C5"),
    Reply("own", "tags the same words as yours, where somebody else has tagged them"),
    Reply("state", "says how much is read and checked"),
    Reply("submit", "submits your set on this article"),
    *EVER,
)
_FIELDS = ("claim_text", "claimant", "attribution", "check_target", "types", "priority", "tags")


class PlainCheck:
    """A conversation about one article, from its first open sentence until nothing is left or nobody answers."""

    def __init__(self, desk: Desk, article: Article, talk: Conversation) -> None:
        self._desk = desk
        self._article = article
        self._talk = talk
        self._company = PlainCompany(desk, article, talk)
        self._text = desk.articles.text(article)
        self._sentences = desk.coverage.sentences(article)
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
            "quit": self._quit,
        }  # fmt: skip

    def run(self) -> None:
        """Talk until the input ends or somebody quits."""
        self._talk.carry_on(self._begin, self._turn)

    def _begin(self) -> None:
        self._talk.say(f"Article {self._article.number}: {self._article.title or '(no title)'}")
        self._state("")
        self._take(self._first(0))

    # Turns

    def _turn(self) -> None:
        self._company.look()
        claim = self._at_hand()
        here = _AT_A_CLAIM[bool(claim and claim.verdict) :] if claim else _AT_A_PLACE if self._place else ()
        answers = (*here, *_ALWAYS)
        line = self._talk.ask(self._question(claim, answers))
        if claim and line.isdecimal():
            self._give(claim, int(line))
        elif line:
            word, rest = understood(line, answers)
            self._does[word](rest)
        else:
            self._take(claim or self._place)

    def _question(self, claim: Claim | None, answers: Sequence[Reply]) -> str:
        words = ", ".join(answer.word for answer in answers if answer not in _ALWAYS)
        if claim is not None and claim.verdict:
            return f"What now with {claim.name}? a number for another verdict, {words}"
        if claim is None:
            return (
                f"What is it? {words}, find, list, help" if self._place else "What now? find, list, submit, help, quit"
            )
        given = self._desk.scheme.active
        choices = ", ".join(f"{number} {kind.label}" for number, kind in enumerate(given, 1))
        return f"Verdict of {claim.name}? {choices}; or {words}"

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
            self._talk.say(f"{claim_named(what)} {claim_standing(self._desk, what)}")
            return
        self._claim, self._place = "", what
        if what is None:
            self._talk.say("Nothing is left to read, and every claim is checked.")
            return
        kind = "leftover" if what.leftover else "open" if what in self._coverage.residue else "read"
        self._talk.say(f"Sentence {self._number(what.start)}, {kind}: {self._text[what.start : what.end]}")

    @property
    def _coverage(self) -> Coverage:
        return self._desk.coverage.of(self._article)

    def _number(self, offset: int) -> int:
        """The number of the sentence in which an offset lies, from 1."""
        return sum(start <= offset for start, _ in self._sentences)

    # Going on

    def _first(self, offset: int) -> Claim | Place | None:
        """The first place left at an offset or behind it, else the first at all; then a claim that lacks something."""
        left = self._coverage.residue
        found = next((place for place in left if place.start >= offset), left[0] if left else None)
        if found is not None:
            return found
        lacks = self._desk.claims.lacking(self._article)
        claims = [claim for claim in self._desk.claims.of(self._article) if claim.id in lacks]
        behind = [claim for claim in claims if (claim.start, claim.id) > (offset, self._claim)]
        return next(iter(behind or claims), None)

    def _next(self, rest: str) -> None:
        claim = self._at_hand()
        if claim is not None:
            # What is left of the sentence in which the claim stands comes first.
            self._take(self._first(self._sentence(claim.start)[0]))
        else:
            self._take(self._first(self._place.end if self._place else 0))

    def _back(self, rest: str) -> None:
        claim = self._at_hand()
        at = claim.start if claim else self._place.start if self._place else len(self._text)
        before = [place for place in self._coverage.residue if place.start < at]
        if not before:
            raise Refused("Nothing before this is left.")
        self._take(before[-1])

    def _sentence(self, offset: int) -> Span:
        return self._sentences[max(0, self._number(offset) - 1)]

    def _find(self, rest: str) -> None:
        places = find(self._text, rest)
        if not places:
            raise Refused(f"The article does not say “{rest}”." if rest else "Say what to find, as in: find 2 500")
        here = self._place.end if self._place else 0
        start = next((start for start, _ in places if start >= here), places[0][0])
        self._take(Place(*self._sentence(start)))

    def _list(self, rest: str) -> None:
        claims = self._desk.claims.of(self._article)
        for claim in claims:
            self._talk.say(f"{claim_named(claim)} {claim_standing(self._desk, claim)}")
        if not claims:
            self._talk.say("There is no claim yet.")

    def _go(self, rest: str) -> None:
        if not rest:
            raise Refused("Say which claim, as in: claim C5")
        self._take(self._desk.claims.get(rest.upper() if rest[:1] in "cC" else rest, self._article))

    # Places

    def _here(self) -> Place:
        if self._place is None:
            raise Refused("There is no sentence here: find one, or go to a claim.")
        return self._place

    def _tag(self, rest: str) -> None:
        place = self._here()
        span = (place.start, place.end)
        if rest:
            found = find(self._text[place.start : place.end], rest)
            if not found:
                raise Refused(f"This sentence does not say “{rest}”: write words that are in it.")
            span = (place.start + found[0][0], place.start + found[0][1])
        self._make(span)

    def _make(self, span: Span, *, own: bool = False) -> None:
        span = tagged.span(self._text, *span)
        try:
            claim = self._desk.claims.tag(self._article, *span, own=own)
        except TaggedByAnother as theirs:
            self._others = span
            raise Refused(f"{theirs} Say own to tag it as yours too.") from None
        self._take(claim)

    def _own(self, rest: str) -> None:
        if self._others is None:
            raise Refused("Nothing was just to be tagged that somebody else has tagged.")
        span, self._others = self._others, None
        self._make(span, own=True)

    def _clauses(self, rest: str) -> None:
        place = self._here()
        found = clauses(self._text, (place.start, place.end), self._article.language)
        self._choose("clause", [span for span in found if span[0] >= place.start and span[1] <= place.end], rest)

    def _words(self, rest: str) -> None:
        place = self._here()
        self._choose("word", list(units.words(self._text, place.start, place.end)), rest)

    def _choose(self, what: str, spans: Sequence[Span], chosen: str) -> None:
        """Have one or several of some spans chosen by number, and tag them."""
        span = self._chosen(what, spans, chosen)
        if span is not None:
            self._make(span)

    def _chosen(self, what: str, spans: Sequence[Span], chosen: str) -> Span | None:
        found = self._talk.choose(what, [self._text[start:end] for start, end in spans], chosen)
        return (spans[found[0]][0], spans[found[1]][1]) if found else None

    def _sweep(self, rest: str) -> None:
        place = self._here()
        spans: list[Span] = [(place.start, place.end)]
        if rest:
            words = list(units.words(self._text, place.start, place.end))
            chosen = self._chosen("word", words, rest)
            spans = [chosen] if chosen else []
        self._desk.sweeps.add_all(self._article, spans)
        self._take(self._first(place.start))

    # Claims

    def _spoken_of(self) -> Claim:
        claim = self._at_hand()
        if claim is None:
            raise Refused("Which claim? Go to one first, as in: claim C5")
        return claim

    def _give(self, claim: Claim, number: int) -> None:
        choices = self._desk.scheme.active
        if not 1 <= number <= len(choices):
            raise Refused(f"There is no verdict {number}: say a number from 1 to {len(choices)}.")
        self._desk.verdicts.give(claim, choices[number - 1].key)
        if aside := self._desk.verdicts.put_aside(claim):
            self._talk.say(aside)
        self._stood(claim)

    def _stood(self, claim: Claim) -> None:
        """Say where a claim stands after a change, and go on where it lacks nothing."""
        claim = self._desk.claims.get(claim)
        self._talk.say(f"{claim.name}: {claim_standing(self._desk, claim)}")
        if claim.verdict and not self._desk.claims.lacking(claim.article, [claim.id]):
            self._next("")

    def _said(self, rest: str, question: str) -> str:
        words = rest or self._talk.ask(question)
        if not words:
            raise Refused("Nothing was changed.")
        return words

    def _why(self, rest: str) -> None:
        claim = self._spoken_of()
        self._desk.verdicts.justify(claim, self._said(rest, "Why"))
        self._stood(claim)

    def _comment(self, rest: str) -> None:
        self._desk.reviews.remark(self._spoken_of(), self._said(rest, "Your comment"))
        self._talk.say("Comment added.")

    def _evidence(self, rest: str) -> None:
        claim = self._spoken_of()
        stances = [str(stance) for stance in Stance]
        at = self._talk.one_of("What does it do to the claim?", stances)
        if at is None:
            raise Refused("No evidence was added.")
        parts = {"url": rest or self._talk.ask("Address of the source, or nothing")}
        for name, question in (("quote", "Passage"), ("locator", "Where in it"), ("title", "Title"), ("note", "Note")):
            parts[name] = self._talk.ask(f"{question}, or nothing")
        self._desk.evidence.add(claim, stances[at], **{name: said for name, said in parts.items() if said})
        self._stood(claim)

    def _set(self, rest: str) -> None:
        claim = self._spoken_of()
        name, _, value = rest.partition(" ")
        name = name.replace("-", "_").casefold()
        if name not in _FIELDS:
            raise Refused(f"Say a field and what it is to hold: {', '.join(_FIELDS)}. Nothing behind it empties it.")
        many = name in ("types", "tags")
        held = [one.strip() for one in value.split(",") if one.strip()] if many else value.strip()
        self._desk.claims.edit(claim, **{name: held})
        self._talk.say(f"{claim.name}: {name.replace('_', ' ')} is {value.strip() or 'empty'}.")

    def _edges(self, rest: str) -> None:
        claim = self._spoken_of()
        start, end = self._sentence(claim.start)[0], self._sentence(max(claim.start, claim.end - 1))[1]
        span = self._chosen("word", list(units.words(self._text, start, end)), rest)
        if span is not None:
            self._take(self._desk.claims.move(claim, *tagged.span(self._text, *span)))

    def _tell(self, rest: str) -> None:
        claim = self._spoken_of()
        self._talk.say(claim_named(claim))
        for sentence in details(self._desk, claim):
            self._talk.say(sentence)

    def _delete(self, rest: str) -> None:
        claim = self._spoken_of()
        self._desk.delete(claim)
        self._talk.say(f"Deleted {claim.name}. Undo brings it back.")
        self._take(self._first(self._sentence(claim.start)[0]))

    # The whole

    def _state(self, rest: str) -> None:
        coverage = self._coverage
        checked = self._desk.claims.checked(self._desk.claims.of(self._article))
        said = f"Checked {checked}." if checked.claims else "No claim yet."
        self._talk.say(f"Read {coverage.percent} percent, {coverage.left} to read. {said}".replace(" · ", ", "))

    def _undo(self, rest: str) -> None:
        self._talk.say(self._desk.history.undo().sentence)
        self._take(self._at_hand() or self._first(self._place.start if self._place else 0))

    def _redo(self, rest: str) -> None:
        self._talk.say(self._desk.history.redo().sentence)
        self._take(self._at_hand() or self._first(self._place.start if self._place else 0))

    def _submit(self, rest: str) -> None:
        coverage = self._coverage
        if not coverage.nothing_left:
            answer = self._talk.ask(f"Left unread: {coverage.left}. Submit all the same? yes, no")
            if not answer or not "yes".startswith(answer.casefold()):
                raise Refused("Not submitted.")
        self._desk.submissions.submit(self._article, Role.CHECKER.value)
        self._talk.say("Submitted. Your set is locked until you reopen it.")

    def _help(self, rest: str) -> None:
        here = _AT_A_CLAIM if self._at_hand() else _AT_A_PLACE
        self._talk.explain("says again where you are", (*here, *_ALWAYS))

    def _quit(self, rest: str) -> None:
        raise Over
