"""Answers of several parts: the items of a list, the sentences that explain."""

from __future__ import annotations

import re
from collections.abc import Sequence

from assistant.answering.extract import LONG, Sentence, best_window, finding
from assistant.answering.finding import Finding
from assistant.language.folding import fold
from assistant.language.numerals import read_number
from assistant.language.sentences import semicolon_parts
from assistant.retrieval.question import Question
from assistant.retrieval.relevance import Weights, bare_text, match

MOST_SENTENCES = 4
_COUNT = re.compile(r"哪(?P<count>[两俩二三四五六七八九十\d]+)|(?P<count2>[两俩二三四五六七八九十\d]+)(?:个|项|条|种|样|大)[^,，?？]{0,12}(?:是|有|分别|指)")
_ITEM_MARK = re.compile(r"、|”“|”、“|和|与|及|,|;")


def listed(question: Question, ranked: Sequence[Sentence], weights: Weights) -> list[Finding]:
    """The clauses that hold the items; further sentences only for words the first lacks, or for items still missing."""
    best = ranked[0]
    found = [finding(best, best_window(question, best, weights, 110))]
    missing = _missing(question, [found[0].text, " ".join(best.paragraph.headings[-1:])])
    wanted = _asked_count(question)
    for sentence in ranked[1:]:
        if len(found) >= max(MOST_SENTENCES, wanted) or sum(len(f.text) for f in found) > LONG - 60:
            break
        if any(f.paragraph.id == sentence.paragraph.id and f.quote == sentence.span for f in found):
            continue
        window = best_window(question, sentence, weights, 80)
        bare = bare_text(sentence.paragraph.text[slice(*window)])
        adds = [term for term in missing if match(term, bare) >= 0.99 and weights.of_term[term.word] >= 0.3]
        is_sibling = wanted > _items(found) and sentence.score >= 0.9 * best.score
        if (adds and sentence.coverage >= 0.4) or is_sibling:
            found.append(finding(sentence, window))
            missing = [term for term in missing if term not in adds]
    return found


def explain(question: Question, ranked: Sequence[Sentence], weights: Weights) -> list[Finding]:
    """The best sentence and those beside it that say more of the same, in the order of the text."""
    best = ranked[0]
    chosen = [best]
    length = len(best.text)
    for sentence in ranked[1:]:
        near = sentence.paragraph.id == best.paragraph.id
        if len(chosen) >= MOST_SENTENCES or length + len(sentence.text) > LONG:
            continue
        if sentence.score >= (0.55 if near else 0.85) * best.score and (near or sentence.own >= 0.6):
            chosen.append(sentence)
            length += len(sentence.text)
    chosen.sort(key=lambda s: (s.paragraph.id != best.paragraph.id, s.paragraph.id, s.span))
    return [part for sentence in chosen for part in _shortened(sentence)]


def _shortened(sentence: Sentence) -> list[Finding]:
    """A sentence too long to show whole gives the first clause of each of its parts."""
    if len(sentence.text) <= LONG:
        return [finding(sentence, sentence.span)]
    text = sentence.paragraph.text
    heads = []
    for left, right in semicolon_parts(text, *sentence.span):
        comma = re.search(r"[,，]", fold(text[left:right]))
        heads.append(finding(sentence, (left, left + comma.start() if comma and comma.start() > 8 else right)))
    return heads


def _missing(question: Question, texts: Sequence[str]) -> list:  # type: ignore[type-arg]
    bare = bare_text(" ".join(texts))
    return [term for term in question.terms if match(term, bare) < 0.5]


def _asked_count(question: Question) -> int:
    found = _COUNT.search(fold(question.text))
    if not found:
        return 0
    count = read_number((found["count"] or found["count2"]).replace("俩", "两"))
    return int(count) if count and count <= 12 else 0


def _items(found: Sequence[Finding]) -> int:
    return sum(1 + len(_ITEM_MARK.findall(fold(f.text))) if "、" in f.text or "”" in f.text else 1 for f in found)
