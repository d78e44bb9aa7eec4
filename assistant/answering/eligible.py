"""What may not answer, however much speaks for it: another time, the other role, a place that is not named."""

from __future__ import annotations

import re
from collections.abc import Sequence

from assistant.answering.about import RULES
from assistant.answering.features import Candidate, named_values
from assistant.answering.finding import Finding
from assistant.answering.fitting import PART, UNTOLD, asks_for_people, kinds_of
from assistant.facts.fact import Fact
from assistant.facts.meaning import PERCENT
from assistant.language.folding import fold
from assistant.language.numerals import MAGNITUDES
from assistant.language.quantities import UNITS
from assistant.language.words import carries_content
from assistant.retrieval.asking import without_asking
from assistant.retrieval.question import Question
from assistant.retrieval.relevance import bare_text, match
from assistant.retrieval.shelf import Shelf

_ROUND = RULES["counts a round"].pattern
_ADDS = RULES["only adds"].pattern
_SIZE_ASKED = RULES["size asked"].pattern
TENTH = 10
"""Of so many parts of the magnitude asked for a figure must have one: 8000人 may answer 多少万人."""
_OPPOSITES = (("amount", "growth"), ("growth", "amount"))
SURE = 0.8
"""How sure the wording must be of a role or a kind of number to rule another out."""
SPOKEN, UNSAID = 0.1, 0.5
"""Share of the question's content below which a sentence with its headings is of something else, where a word of such weight is not said."""
SAID = 0.3
"""Weight below which the heaviest word that a sentence lacks is no word that is asked about."""
NAMED = 0.9
"""Share of the question's content from which a clause names what is asked."""


def may_answer(question: Question, candidate: Candidate) -> bool:
    """Whether a candidate is of the time that is asked about, and of the role and kind where these are asked for surely.

    A span of years does not answer for one of its years, nor an amount for its growth.
    """
    values, asked, fact = dict(named_values(candidate)), question.asked, candidate.fact
    if values["period"] < 0 or not _names_places(question, candidate) or _is_of_another_round(question, candidate):
        return False
    if fact is None:
        # A year named says better than the wording whether it is review or plan.
        return bool(question.periods) or values["role"] > -SURE
    if values["role"] <= -SURE or not _is_of_size(question, fact) or _is_of_an_unnamed_indicator(question, fact):
        return False
    if asks_for_people(question) and fact.unit in UNTOLD and values["unit"] < 0:
        return False
    if not question.indicators and values["context"] <= 0 and not _shares_a_character(question, candidate):
        return False
    is_other = any(
        kinds_of(fact) == (kind,) and asked.probability("measure", other) >= SURE for kind, other in _OPPOSITES
    )
    return not 0 < values["period"] < PART and not is_other


def needs_a_figure(question: Question) -> bool:
    """Whether nothing but a figure answers: so many, how much."""
    return question.shape == "number" and RULES["asks how much"].pattern.search(fold(question.text)) is not None


def asks_for_goals_of_a_matter(question: Question) -> bool:
    """Whether the goals of a whole matter are asked for, of which a report sets several: 招商引资目标是多少."""
    matters = [term for term in question.terms if term.is_matter]
    unit = any(question.units) or question.indicators
    return len(matters) == len(question.terms) == 1 and not unit and question.role == "target"


def goals_among(question: Question, found: Sequence[Finding], shelf: Shelf) -> Sequence[Finding]:
    """Of the sentences about a matter those that set figures, where its goals are asked for; all elsewhere, and where none does."""
    if not asks_for_goals_of_a_matter(question):
        return found
    return [one for one in found if any(map(one.holds, shelf.facts_of(one.paragraph.id)))] or found


def _is_of_an_unnamed_indicator(question: Question, fact: Fact) -> bool:
    """Whether a figure is of a named indicator that the question neither names nor shares a character with: 预算收入 for 退休金.

    Of nine such answers to the questions in `seeds/asked` six were wrong, and the others shared a character (粮实 for 粮食产量).
    """
    if not fact.indicator or question.indicators:
        return False
    asked = {character for term in question.terms for form in (term.word, *term.variants) for character in form}
    return bool(asked) and not asked & set(f"{fact.subject}{fact.indicator}")


def _shares_a_character(question: Question, candidate: Candidate) -> bool:
    """Whether a sentence has a character of what is asked about: 煤碳 is 煤炭, and of 均价 减税降费超120亿元 has none.

    Where no word is known to be asked about (拆违建多少处), a character of what is left beside place, time and how much.
    """
    named = [form for term in question.terms for form in term.variants] or [without_asking(fold(question.topic))]
    asked = {character for form in named for character in form if carries_content(character)}
    return bool(asked & set(fold(candidate.text)))


def speaks_of(candidate: Candidate) -> bool:
    """Whether a sentence with its headings has anything of what the question is about."""
    values = dict(named_values(candidate))
    return values["missing"] < UNSAID or values["context"] >= SPOKEN


def tells_what_is_asked(question: Question, candidate: Candidate) -> bool:
    """Whether a sentence gives a reason where one is asked for, or says what a term means: that it is mentioned is no answer."""
    asked, values = fold(question.text), dict(named_values(candidate))
    if RULES["asks for a meaning"].pattern.search(asked):
        return values["kind"] > 0 and values["missing"] < SAID  # of the very term
    return values["kind"] > 0 or RULES["asks for reasons"].pattern.search(asked) is None


def _is_of_size(question: Question, fact: Fact) -> bool:
    """Whether a figure is as large as the question takes it to be: 10家 is no answer to 多少万游客."""
    asked = _SIZE_ASKED.search(fold(question.text))
    if asked is None or fact.value is None or fact.unit in PERCENT:
        return True
    return abs(fact.value) * TENTH >= MAGNITUDES[asked["size"]]


def counts_just_that(question: Question, candidate: Candidate) -> bool:
    """Whether a figure counts the one thing that a question names: of 187个社区用房 nobody learns how many 社区 there are."""
    names = [term for term in question.terms if not term.is_place and not _ADDS.fullmatch(term.word)]
    fact = candidate.fact
    if fact is None or len(names) != 1 or names[0].is_indicator or fact.unit not in UNITS["count"]:
        return True
    subject = re.sub("(?:总数|总量|数量|户数|家数|数)$", "", bare_text(fact.subject or ""))
    forms = [bare_text(form) for form in names[0].variants]
    if not re.search(rf"(?:多少|几).?{re.escape(bare_text(names[0].word))}", bare_text(question.text)):
        return True
    held = [form for form in forms if form in subject]
    return not held or any(subject.endswith(form) for form in held)


def is_just_that(question: Question, candidate: Candidate) -> bool:
    """Whether a figure is of the indicator asked or named beside it, in a unit that it may come in, and not of the other role."""
    values, fact = dict(named_values(candidate)), candidate.fact
    named = values["indicator"] == 1 or (values["indicator"] > -1 and values["clause"] >= NAMED)
    right_role = fact is None or question.role in (None, fact.role) or fact.role is None
    return named and values["unit"] >= 0 and right_role


def _is_of_another_round(question: Question, candidate: Candidate) -> bool:
    """Whether a sentence tells of another round than is asked about: 第十届 where 第十一届 is asked, and not that as well."""
    asked = {found.group() for found in _ROUND.finditer(fold(question.text))}
    if not asked:
        return False
    text = fold(candidate.paragraph.text[slice(*candidate.sentence)])
    told = {found.group() for found in _ROUND.finditer(text) if found["of"] in {one[-1] for one in asked}}
    return bool(told) and not asked & told


def _names_places(question: Question, candidate: Candidate) -> bool:
    """Whether the places that are part of what is asked (托管给哈尔滨新区) are named beside the candidate."""
    bare = bare_text(" ".join((*candidate.paragraph.headings[-2:], candidate.paragraph.text)))
    return all(match(term, bare) > 0 for term in question.terms if term.is_place)
