"""Answers of several parts: the items of a list, the sentences that explain."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from assistant.answering import coverage
from assistant.answering.compose import Line
from assistant.answering.extract import DATE, LONG, Sentence, best_window, finding, point, point_to_the_point
from assistant.answering.finding import Finding
from assistant.answering.sections import Point
from assistant.language.folding import fold
from assistant.language.injection import plain_sentences
from assistant.language.numerals import read_number
from assistant.language.ruleset import read_rules
from assistant.language.run_in import is_run_in
from assistant.language.sentences import Span, clauses, semicolon_parts
from assistant.retrieval.question import Question, Term
from assistant.retrieval.relevance import Weights, bare_text, match

MOST_SENTENCES = 4
ONE = 84
"""Characters of one sentence that may be shown where one thing is asked for; where several are, half a row is no list."""
TO_THE_POINT = 0.4
"""Coverage of the question, beside the best sentence's, from which its neighbour is about the same and not only in the same paragraph."""
SIBLING = 0.5
"""Share of the best sentence's probability from which another one has one more of the items that are asked for by number."""
MOST_ASKED = 30
"""Items of a list that may be asked for by their number."""
WHOLE = 2 * LONG
"""Characters of a paragraph whose heading is what is asked about; what it has in its middle is not left out."""
LONGEST_COMMON = 4
"""Characters from which a word names a kind of thing: 项目 stands in everything."""
FEWEST_IN_ROW = 3
"""Clauses or parts that are a row."""
_RULES = read_rules("asking")
_COUNT = _RULES["asks for a number of items"].pattern
_SEVERAL = _RULES["asks for several"].pattern
_NUMBERED = re.compile(r"[一二三四五六七八九十]是|第[一二三四五六七八九十]|[(（]?[一二三四五六七八九十\d][)）、.]")
_LEAD_IN = _RULES["leads in items"].pattern
_SHORTCOMINGS = _RULES["names shortcomings"].pattern
_ITEM_MARK = re.compile(r"、|”“|”、“|和|与|及|,|;")


def listed(question: Question, ranked: Sequence[Sentence], weights: Weights) -> list[Finding]:
    """The clauses that hold the items; further sentences only for words the first lacks, or for items still missing."""
    best, several = ranked[0], _SEVERAL.search(fold(question.text))
    if row := _of_one_kind(question, best):
        return row

    def shown(sentence: Sentence) -> Finding:
        if several:
            return point_to_the_point(question, sentence, weights)
        return finding(sentence, best_window(question, sentence, weights, ONE))

    row_told = _row_after_colon(question, best, weights)
    found = [finding(best, row_told) if row_told else shown(best)]
    missing = _missing(question, [found[0].text, " ".join(best.paragraph.headings[-1:])])
    wanted = asked_count(question)
    for sentence in ranked[1:]:
        if len(found) >= max(MOST_SENTENCES, wanted) or sum(len(f.text) for f in found) > LONG - 60:
            break
        if any(f.paragraph.id == sentence.paragraph.id and f.quote == sentence.span for f in found):
            continue
        one = shown(sentence)
        bare = bare_text(one.text)
        adds = [term for term in missing if match(term, bare) >= 0.99 and weights.of_term[term.word] >= 0.3]
        is_sibling = wanted > count_of(found) and sentence.score >= SIBLING * best.score
        if (adds and sentence.coverage >= 0.4) or is_sibling:
            found.append(one)
            missing = [term for term in missing if term not in adds]
    return found if not wanted or count_of(found) >= wanted else [*found, *_row_in_the_next(best, wanted)]


def _of_one_kind(question: Question, best: Sentence) -> list[Finding]:
    """The sentences of a paragraph that each name one of what is asked for: 开展…专项行动。开展…专项行动。; empty where fewer than three do."""
    kind = _kind_asked(question)
    if len(kind) < LONGEST_COMMON or kind not in bare_text(best.text):
        return []
    text = best.paragraph.text
    spans = [span for span in plain_sentences(text) if kind in bare_text(text[slice(*span)])]
    return _items_of(best, spans) if len(spans) >= FEWEST_IN_ROW else []


def of_the_kind(question: Question, points: Sequence[Point]) -> list[Point]:
    """Those of the sentences about a matter that name just what is asked for, 文旅项目; all where none does."""
    kind = _kind_asked(question)
    named = [(r, p, span) for r, p, span in points if kind in bare_text(p.text[slice(*span)])]
    return named if len(kind) >= LONGEST_COMMON and named else list(points)


def _kind_asked(question: Question) -> str:
    """The longest run of neighbouring words beside 哪些 that a question has: 专项行动."""
    asked, kinds = bare_text(question.text), [bare_text(word) for word in question.focus]
    runs = [one + other for one in kinds for other in kinds if one != other and one + other in asked]
    return max((*runs, *kinds), key=len, default="")


def _row_in_the_next(sentence: Sentence, wanted: int) -> list[Finding]:
    """The sentence after one, where a clause of it has a row of just so many: 培育六大产业链。…加快甲、乙、丙、丁、戊、己的强链聚群。"""
    text = sentence.paragraph.text
    following = next((span for span in plain_sentences(text) if span[0] >= sentence.span[1]), None)
    if following is None or wanted < FEWEST_IN_ROW:
        return []
    rows = [clause for clause in clauses(text, *following) if text[slice(*clause)].count("、") == wanted - 1]
    return [Finding(sentence.report, sentence.paragraph, rows[0], following, sentence.coverage)] if rows else []


def _row_after_colon(question: Question, sentence: Sentence, weights: Weights) -> Span | None:
    """The clauses of a sentence from the one on that a colon ends, where it leads in a row of them: 办好十大民生实事:拓展…,救助….

    None where one of the row has as much of the question as what leads it in: that one is asked for.
    """
    spans = clauses(sentence.paragraph.text, *sentence.span)
    text = sentence.paragraph.text
    at = next((n for n, (_, end) in enumerate(spans) if text[end - 1] in ":："), None)
    if at is None or len(spans) - at <= FEWEST_IN_ROW or not _LEAD_IN.search(text[slice(*spans[at])]):
        return None
    shares = [weights.coverage(question.terms, text[slice(*span)]) for span in spans[at:]]
    if shares[0] <= max(shares[1:]):
        return None
    ends = [end for _, end in spans[at + 1 :] if end - spans[at][0] <= LONG]
    return (spans[at][0], ends[-1]) if len(ends) >= FEWEST_IN_ROW else None


def enumerated(question: Question, ranked: Sequence[Sentence]) -> list[Finding]:
    """The items that a lead-in announces: 「还存在不少问题:…;…」「面临不少挑战。一是…二是…」; empty where it announces none."""
    for sentence in ranked[:12]:
        if sentence.score < 0.5 * ranked[0].score:
            break
        text = sentence.paragraph.text
        parts = semicolon_parts(text, *sentence.span)
        colon = re.search(r"[:：]", text[slice(*parts[0])])
        if len(parts) >= 3 and _announces(question, text[slice(*parts[0])]):
            start = parts[0][0] + colon.end() if colon else parts[0][0]
            return _items_of(sentence, [(start, parts[0][1]), *parts[1:]])
        following = [span for span in plain_sentences(text) if span[0] >= sentence.span[1]]
        numbered = [
            part for span in following for part in semicolon_parts(text, *span) if _NUMBERED.match(text[part[0] :])
        ]
        if len(numbered) >= 2 and _announces(question, sentence.text):
            return _items_of(sentence, numbered)
        if len(numbered) == asked_count(question) >= FEWEST_IN_ROW:
            return _items_of(sentence, numbered)
    return []


def _announces(question: Question, text: str) -> bool:
    if _SHORTCOMINGS.search(text) and not _SHORTCOMINGS.search(question.text):
        return False  # 取得了哪些成绩 is not answered by what is still wanting
    return bool(_LEAD_IN.search(text)) and any(match(term, bare_text(text)) >= 0.99 for term in question.terms)


def _items_of(sentence: Sentence, spans: Sequence[Span]) -> list[Finding]:
    """The items as findings, each whole."""
    return [point(sentence.report, sentence.paragraph, span, sentence.coverage) for span in spans]


def explain(question: Question, ranked: Sequence[Sentence], weights: Weights) -> list[Finding]:
    """The best sentence and those beside it that say more of the same, in the order of the text."""
    best = ranked[0]
    if _is_lead(best):
        told = _after_lead(best)
        if told:
            return told
    whole = weights.coverage(question.terms, " ".join(best.paragraph.headings[-1:])) >= 0.5
    chosen = [sentence for sentence in ranked[:1] if not _is_lead(sentence)]
    if is_named := _names_one(question, best):
        # What 揭榜挂帅 is no other sentence of its paragraph says.
        ranked = [sentence for sentence in ranked if _names_one(question, sentence)]
    for sentence in ranked[1:]:
        near = sentence.paragraph.id == best.paragraph.id
        if len(chosen) >= MOST_SENTENCES:
            break
        if _is_lead(sentence) and near:
            continue
        if whole and near:
            says_more = sentence.score >= 0.3 * best.score
        elif near:
            says_more = sentence.score >= 0.4 * best.score and sentence.own >= TO_THE_POINT * best.own
        else:
            says_more = sentence.score >= 0.85 * best.score and sentence.own >= 0.6
        if says_more:
            chosen.append(sentence)
    chosen = (chosen or [best]) + ([] if is_named else _beside(question, best, chosen, weights, whole))
    chosen.sort(key=lambda s: (s.paragraph.id != best.paragraph.id, s.paragraph.id, s.span))
    return [point_to_the_point(question, sentence, weights) for sentence in chosen]


def _names_one(question: Question, sentence: Sentence) -> bool:
    """Whether a sentence has the very name that a question asks about between quotation marks."""
    asked = [term.word for term in question.terms if term.is_name and f"“{term.word}”" in fold(question.text)]
    return bool(asked) and any(name in fold(sentence.text) for name in asked)


def reason_after(found: Sequence[Finding]) -> list[Finding]:
    """The sentence that follows what was found and says why it is so; empty where the next one says something else."""
    last = found[-1]
    text = last.paragraph.text
    following = next((span for span in plain_sentences(text) if span[0] >= last.quote[1]), None)
    if following is None or not _RULES["opens with a reason"].pattern.search(fold(text[slice(*following)])):
        return []
    return [Finding(last.report, last.paragraph, following, following, last.coverage)]


def _beside(
    question: Question, best: Sentence, chosen: Sequence[Sentence], weights: Weights, whole: bool
) -> list[Sentence]:
    """Sentences of the best one's paragraph that hold something of the question, too little to answer by themselves.

    Where the paragraph's heading covers the question (`whole`), all that follows the best sentence is to the point.
    """
    taken = {sentence.span for sentence in chosen if sentence.paragraph.id == best.paragraph.id}
    length = sum(len(sentence.text) for sentence in chosen)
    found = []
    for span in plain_sentences(best.paragraph.text):
        own = weights.coverage(question.terms, best.paragraph.text[slice(*span)])
        sentence = replace(best, span=span, own=own)
        if (
            span in taken
            or own < (0.0 if whole and span[0] > best.span[0] else TO_THE_POINT * best.own)
            or _is_lead(sentence)
            or length + span[1] - span[0] > (WHOLE if whole else LONG)
        ):
            continue
        found.append(sentence)
        length += span[1] - span[0]
    return found


def _after_lead(lead: Sentence) -> list[Finding]:
    """The sentences that a paragraph goes on with after the heading that opens it, as many as there is room for."""
    found: list[Finding] = []
    room = LONG
    for span in plain_sentences(lead.paragraph.text):
        if span[0] < lead.span[1]:
            continue
        room -= span[1] - span[0]
        if room < 0 or (found and is_run_in(lead.paragraph.text[slice(*span)])):
            break
        found.append(Finding(lead.report, lead.paragraph, span, span, lead.coverage))
    return found


def _is_lead(sentence: Sentence) -> bool:
    """Whether a sentence is the heading that opens its paragraph, which says what follows and not more."""
    heading = sentence.paragraph.headings[-1] if sentence.paragraph.headings else ""
    return (sentence.span[0] == 0 and len(sentence.text) <= len(heading) + 6) or is_run_in(sentence.text)


def _missing(question: Question, texts: Sequence[str]) -> list[Term]:
    bare = bare_text(" ".join(texts))
    return [term for term in question.terms if match(term, bare) < 0.5]


def asked_count(question: Question) -> int:
    """How many items a question expects (哪七项, 哪两个), 0 where it does not say."""
    found = _COUNT.search(fold(question.text))
    if not found:
        return 0
    count = read_number((found["count"] or found["count2"]).replace("俩", "两"))
    return int(count) if count and count <= MOST_ASKED else 0


def lacking(question: Question, found: Sequence[Finding]) -> tuple[Line, ...]:
    """The line that says what of the question is not told where less is shown than is asked for; none where all is.

    Of 13件实事 that they were chosen is no list of them, and that a railway is being prepared says not when it opens.
    """
    wanted = asked_count(question) if question.shape == "list" else 0
    if wanted >= FEWEST_IN_ROW and count_of(found) * 2 < wanted:
        return (Line(words=coverage.NOT_LISTED),)
    timeless = question.shape == "when" and not any(DATE.search(fold(finding.text)) for finding in found)
    return (Line(words=coverage.NO_TIME),) if timeless else ()


def count_of(found: Sequence[Finding]) -> int:
    """How many things some findings list, by what divides a row."""
    return sum(1 + len(_ITEM_MARK.findall(fold(f.text))) if "、" in f.text or "”" in f.text else 1 for f in found)
