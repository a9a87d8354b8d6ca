"""Settling by plain questions what people disagree on: place by place, what each says, and which of it stands."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from store.desk import Desk
from store.errors import Refused
from store.records import Article, Review
from store.settle.comparison_groups import AGREED, Comparison, Group, Take, what_stands
from store.text.shorten import shorten
from store.text.units import Span
from store.vocabulary import Decision, Outcome, Role, outcome_words
from tui.linear.article_text import READ, ArticleText
from tui.linear.claim_words import aloud, because, evidence_words, undone_words, verdict_words
from tui.linear.conversation import EVER, SUBMITTED, Conversation, Over, Reply, understood
from tui.linear.who_is_here import LinearCompany

_AT_A_PLACE = (
    Reply("first", "the first person is right: the checker's version stands", "[WHY]"),
    Reply("second", "the second person is right; where several are, you are asked who", "[WHY]"),
    Reply("both", "both are right", "[WHY]"),
    Reply("neither", "nobody's verdict is right, but the claim is worth checking", "[WHY]"),
    Reply("merged", "the words, the verdict and the claim text of different people stand"),
    Reply("own", "your own verdict, words of the text and claim text stand"),
    Reply("nothing", "there is nothing to check here", "[WHY]"),
    Reply("takeback", "opens again what was settled here"),
    Reply("tell", "tells again what each person says"),
    Reply("next", "goes to the next place that you can settle"),
)
_ALWAYS = (
    Reply("back", "goes to the place before, settled or not"),
    Reply("agreed", "settles everything that everyone agrees on"),
    Reply("all", "settles all that is left as one person has it", "[NAME]"),
    Reply("list", "lists the places, and how each is settled"),
    Reply("claim", "goes to the place of a claim", "C5"),
    Reply("state", "says what is left to settle"),
    READ,
    Reply("submit", "submits what you have settled"),
    Reply("reopen", "opens your submitted settlement again"),
    *EVER,
)


class LinearSettling:
    """A conversation about the places of an article on which people may differ."""

    def __init__(self, desk: Desk, article: Article, people: Sequence[str], talk: Conversation) -> None:
        """
        Raises:
            Refused: there are no two people to compare.
        """
        self._desk = desk
        self._people = people
        self._talk = talk
        self._said = ArticleText(desk, article, talk)
        self._company = LinearCompany(desk, self._said, talk, self._anew)
        self._at = ""
        self._heard: Group | None = None
        """What was told last: what you say is said of that."""
        self._why = ""
        self._read_all()
        self._does: dict[str, Callable[[str], None]] = {
            "first": lambda why: self._ask(Outcome.FIRST_CORRECT, why), "second": self._second, "both": self._both,
            "neither": lambda why: self._ask(Outcome.BOTH_WRONG, why), "merged": self._merged, "own": self._own,
            "nothing": lambda why: self._ask(Outcome.NOTHING_HERE, why), "takeback": self._unsettle,
            "tell": lambda _: self._take(self._here()), "next": self._next, "back": self._back,
            "agreed": self._agreed, "all": self._all, "list": self._list, "claim": self._go, "state": self._state,
            "read": self._read, "submit": self._submit, "reopen": self._reopen, "undo": self._undo,
            "redo": self._redo, "help": self._help, "quit": self._quit,
        }  # fmt: skip

    def run(self) -> None:
        """Talk until the input ends or somebody quits."""
        self._talk.carry_on(self._begin, self._turn, lambda: self._desk.lost)

    def _begin(self) -> None:
        found = self._read_all()
        self._talk.say(f"Settle article {self._said.article.number}: {self._said.article.title or '(no title)'}")
        self._talk.say(f"Compared: {', '.join(found.people)}.")
        if found.unsubmitted:
            self._talk.say(f"Not submitted yet: {', '.join(found.unsubmitted)}.")
        self._state("")
        self._next("")

    def _turn(self) -> None:
        line = self._company.ask(self._question)
        if line:
            word, rest = understood(line, (*(_AT_A_PLACE if self._at else ()), *_ALWAYS))
            self._does[word](rest)
        elif self._at:
            self._take(self._here())
        else:
            self._state("")

    def _question(self) -> str:
        if self._at and self._place() is None:
            self._talk.say("The place you were at is gone: its claims were deleted.")
            self._next("")
        words = ", ".join(reply.word for reply in (_AT_A_PLACE if self._at else _ALWAYS))
        return f"Who is right? {words}, help" if self._at else f"What now? {words}"

    def _anew(self) -> None:
        """Say where you are in a text that was corrected."""
        if self._place():
            self._take(self._here())

    # Places

    def _read_all(self) -> Comparison:
        return self._desk.comparison.compare(self._said.article, self._people)

    def _place(self) -> Group | None:
        return next((group for group in self._read_all().groups if self._at in group.claims), None)

    def _here(self) -> Group:
        """The place that is spoken of, as it is now."""
        found = self._place()
        if found is None:
            raise Refused("Which place? Go to one first, as in: claim C5")
        return found

    def _as_told(self) -> Group:
        """The place that is spoken of, where people say there what was told.

        Raises:
            Refused: somebody has changed it since; how it is now has been told.
        """
        group = self._here()
        if group != self._heard:
            self._talk.say("What is said here has changed since it was told: this is how it is now.")
            self._take(group)
            raise Refused("Nothing was changed.")
        return group

    def _mine(self, groups: Sequence[Group]) -> list[Group]:
        """Of some places those that are left to settle, and for you."""
        left = [group for group in groups if group.to_settle]
        return [group for group, yours in zip(left, self._desk.settlements.yours(left), strict=True) if yours]

    def _take(self, group: Group) -> None:
        self._at, self._heard = group.claims[0], group
        names = " ".join(self._desk.claims.name_of(id) for id in group.claims)
        self._talk.say(f"{names}, {_how(group)}: “{aloud(group.present[0].quote_shown)}”.")
        contended = self._desk.comparison.conflicts(group)
        reviews = {(one.claim, one.by): one for one in self._desk.reviews.of(self._said.article)}
        for take in group.said:
            self._talk.say(self._told(take, group))
            if review := reviews.get((take.claim, take.person)):
                self._because(review)
            pieces = [piece for piece in self._desk.evidence.of(take.claim) if piece.by.id == take.person.id]
            for number, piece in enumerate(pieces, 1):
                self._talk.say(evidence_words(number, piece))
            if (take.claim, take.person) in contended:
                versions = f"Two versions of what {take.person} says are in conflict"
                self._talk.say(f"{versions}: `factdesk conflicts` shows them.")
        for person, held in zip(self._read_all().people, group.takes, strict=True):
            if held is None:
                self._talk.say(f"{person} has nothing here.")
        if group.settled is not None:
            self._talk.say(self._settled(group))

    def _because(self, review: Review) -> None:
        """Say the reason and the words of a review, where it has some."""
        since = " This was said of how it was before." if review.stale else ""
        if said := because(self._desk.scheme, review.reason, review.comment):
            self._talk.say(f"{review.by} says: {said}{since}")

    def _told(self, take: Take, group: Group) -> str:
        """What one person says of a place."""
        said = [f"{take.person}: {self._decided(take)}."]
        if take.quote_shown != group.present[0].quote_shown:
            said.append(f"These words: “{aloud(take.quote_shown)}”.")
        said += [f"Claim text: {take.claim_text}"] if take.claim_text else []
        said += [take.justification] if take.justification else []
        return " ".join(said)

    def _decided(self, take: Take) -> str:
        if take.rejects:
            return "nothing to check"
        said = verdict_words(self._desk.scheme, take.verdict)
        objects = take.decision not in ("", Decision.CHANGE_VERDICT, Decision.MISSING_CLAIM)
        words = f"{take.decision.replace('_', ' ')}, {said}" if objects else said
        return words[:1].upper() + words[1:]

    def _settled(self, group: Group) -> str:
        made = group.settled
        assert made is not None
        verdict = verdict_words(self._desk.scheme, made.verdict) if made.stands else "not in the settled set"
        again = " Its words have changed since: settle it again." if made.again else ""
        how = outcome_words(made.outcome, made.chosen)
        return f"Settled by {made.by}: {how}, {verdict}. {made.rationale}{again}"

    def _next(self, rest: str) -> None:
        groups = self._read_all().groups
        mine = self._mine(groups)
        at = next((place for place, group in enumerate(groups) if self._at in group.claims), -1)
        later = [group for group in groups[at + 1 :] if group in mine]
        if later or mine:
            self._take((later or mine)[0])
            return
        self._at = ""
        self._talk.say("Nothing is left to settle for you. Submit says that you have done.")

    def _back(self, rest: str) -> None:
        groups = self._read_all().groups
        at = next((place for place, group in enumerate(groups) if self._at in group.claims), len(groups))
        if not at:
            raise Refused("This is the first place.")
        self._take(groups[at - 1])

    def _go(self, rest: str) -> None:
        if not rest:
            raise Refused("Say which claim, as in: claim C5")
        claim = self._desk.claims.get(rest.upper() if rest[:1] in "cC" else rest, self._said.article)
        self._take(self._desk.comparison.group_of(claim, self._read_all()))

    # Settling one

    def _ask(self, outcome: Outcome, why: str, person: str = "") -> None:
        """Settle the place, after asking why unless all agree. Who may not is told before."""
        group = self._as_told()
        self._desk.settlements.may_settle(group)
        self._settle(group, outcome, self._reason(group, why), person)

    def _reason(self, group: Group, why: str) -> str:
        if why or group.kind == AGREED:
            return why
        again = f", or nothing for “{shorten(self._why, 40)}”" if self._why else ""
        return self._talk.words(f"Why{again}") or self._why

    def _settle(
        self, group: Group, outcome: Outcome, why: str, person: str = "", verdict: str | None = None,
        span: Span | None = None, claim_text: str | None = None,
    ) -> None:  # fmt: skip
        self._said.must_be_newest()
        self._as_told()
        self._desk.settlements.adjudicate(
            group, outcome.value, rationale=why, chosen=person, verdict=verdict, span=span, claim_text=claim_text
        )
        self._why = why or self._why
        self._talk.say(self._settled(self._here()))
        lacks = [(id, sentence) for id in group.claims for sentence in self._desk.claims.lacks(id)]
        for id, sentence in lacks[:1]:
            self._talk.say(f"{self._desk.claims.name_of(id)}: {sentence}.")
        self._next("")

    def _second(self, why: str) -> None:
        group = self._as_told()
        self._desk.settlements.may_settle(group)
        first = next((take for take in group.present if not take.decision), group.present[0])
        others = [str(take.person) for take in group.present if take is not first]
        if not others:
            raise Refused(f"Only {first.person} has said something here.")
        at = self._talk.one_of("Who?", others) if len(others) > 1 else 0
        if at is None:
            raise Refused("Nothing was settled.")
        self._ask(Outcome.SECOND_CORRECT, why, others[at])

    def _both(self, why: str) -> None:
        group = self._as_told()
        if len(group.present) < 2:
            raise Refused(f"Only {group.present[0].person} has said something here: first takes it.")
        if said := what_stands(group, self._desk.claims.name_of):
            self._talk.say(said)
        self._ask(Outcome.BOTH_CORRECT, why)

    def _merged(self, rest: str) -> None:
        group = self._as_told()
        takes = [take for take in group.present if not take.rejects]
        if len(takes) < 2:
            raise Refused("There are no two claims here to merge.")
        self._desk.settlements.may_settle(group)
        words = self._whose("Whose words of the text?", takes)
        judged = self._whose("Whose verdict?", [take for take in takes if take.verdict])
        worded = self._whose("Whose claim text?", [take for take in takes if take.claim_text])
        self._settle(
            group, Outcome.MERGED, self._reason(group, ""), "", judged.verdict if judged else None,
            (words.start, words.end) if words else None, worded.claim_text if worded else None,
        )  # fmt: skip

    def _whose(self, question: str, takes: Sequence[Take]) -> Take | None:
        """Have one of some people chosen; who is alone need not be."""
        if len(takes) < 2:
            return takes[0] if takes else None
        at = self._talk.one_of(question, [str(take.person) for take in takes], "the first's")
        return takes[at or 0]

    def _own(self, rest: str) -> None:
        group = self._as_told()
        self._desk.settlements.may_settle(group)
        choices = self._desk.scheme.active
        at = self._talk.one_of("Your verdict?", [kind.label for kind in choices], "as the first has it")
        span = self._said.tagged(*self._said.around(group.start, group.end), "")
        text = self._talk.words("Claim text, or nothing for that of the first")
        verdict = choices[at].key if at is not None else None
        self._settle(group, Outcome.OWN, self._reason(group, ""), "", verdict, span, text or None)

    def _unsettle(self, rest: str) -> None:
        self._desk.settlements.unsettle(self._here())
        self._talk.say("Taken back: this place is open again.")
        self._heard = self._place()

    # Settling many

    def _agreed(self, rest: str) -> None:
        count = self._desk.settlements.take_agreed(self._read_all())
        self._talk.say(f"Settled {count} place{'s' * (count != 1)} that everybody agrees on.{self._lacking()}")
        self._heard = self._place()

    def _all(self, rest: str) -> None:
        found = self._read_all()
        person = rest
        if not person:
            at = self._talk.one_of("As who has it?", list(map(str, found.people)))
            if at is None:
                raise Refused("Nothing was settled.")
            person = found.people[at]
        self._desk.settlements.may_take(found, person)
        why = self._talk.wanted("", "Why")
        count = self._desk.settlements.take_all(found, person, why)
        self._talk.say(f"Settled {count} place{'s' * (count != 1)} as {person} has it.{self._lacking()}")
        self._next("")

    def _lacking(self) -> str:
        """What the settled claims lack, to be said behind what was settled."""
        lacking = self._desk.settlements.lacking(self._said.article)
        return f" Of what is settled, {lacking}." if any(lacking) else ""

    # The whole

    def _state(self, rest: str) -> None:
        left = [group for group in self._read_all().groups if group.to_settle]
        mine = len(self._mine(left))
        others = f", {len(left) - mine} for others" if len(left) > mine else ""
        self._talk.say(f"{mine} place{'s' * (mine != 1)} to settle for you{others}.")
        if self._desk.submissions.is_submitted(self._said.article, Role.ADJUDICATOR.value):
            self._talk.say(SUBMITTED)

    def _list(self, rest: str) -> None:
        for group in self._read_all().groups:
            names = " ".join(self._desk.claims.name_of(id) for id in group.claims)
            settled = self._settled(group) if group.settled is not None else "Not settled."
            self._talk.say(f"{names}, {_how(group)}: “{aloud(group.present[0].quote_shown)}”. {settled}")

    def _read(self, rest: str) -> None:
        self._said.read(rest, self._here().start if self._at else 0)

    def _submit(self, rest: str) -> None:
        self._desk.submissions.submit(self._said.article, Role.ADJUDICATOR.value)
        self._talk.say("Submitted. What you settled is locked until you reopen it.")

    def _reopen(self, rest: str) -> None:
        self._desk.submissions.reopen(self._said.article, Role.ADJUDICATOR.value)
        self._talk.say("Reopened: you can settle again.")

    def _undo(self, rest: str) -> None:
        self._talk.say(undone_words(self._desk.history.undo(), self._said.article.id))
        self._next("") if not self._at else self._take(self._here())

    def _redo(self, rest: str) -> None:
        self._talk.say(undone_words(self._desk.history.redo(), self._said.article.id))
        self._next("") if not self._at else self._take(self._here())

    def _help(self, rest: str) -> None:
        self._talk.explain("tells the place again", (*(_AT_A_PLACE if self._at else ()), *_ALWAYS))

    def _quit(self, rest: str) -> None:
        raise Over


def _how(group: Group) -> str:
    """How the people of a place stand to each other, in words."""
    if group.kind == "only":
        return f"only {', '.join(take.person for take in group.present)}"
    return "nothing here, says somebody" if group.kind == "rejected" else group.kind.replace("_", " ")
