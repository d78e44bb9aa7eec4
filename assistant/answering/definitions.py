"""Answers to 「什么是政区合一」: the entry of the glossary, or the sentence that defines or lists."""

from __future__ import annotations

import re
from collections.abc import Sequence

from assistant.answering.about import RULES
from assistant.answering.extract import LONG, opening
from assistant.answering.finding import Finding
from assistant.facts.items import GLOSSARY
from assistant.language.folding import fold
from assistant.language.injection import plain_sentences
from assistant.language.numerals import read_number
from assistant.language.sentences import clauses, semicolon_parts
from assistant.retrieval.question import Question
from assistant.retrieval.relevance import SYNONYM, bare_text, match
from assistant.retrieval.shelf import Shelf
from assistant.types import Evidence, Report

_ASKED = re.compile(
    r"(?:什么是|是|何谓|所谓|请?解释一?下?|说说)?(?P<term>[^,，。?？]{2,20}?)(?:具体|都|各|分别|到底|究竟)*(?:[^,，]{0,2}的是|是指|指的?是|是|指|的?定义|的?含义)?[^,，]?"
    r"(?:干嘛|干什么|做什么|什么|啥|哪[几一二两三四五六七八九十]*[个样项种些]?|怎么理解|的?意思|含义|怎么回事|咋回事|讲的是什么).*$"
)
_QUOTED = re.compile(r"[“\"]([^”\"]{2,16})[”\"]")
_CODE = re.compile(r"\d[\d+]+\d")
_MEANINGS = ("define", "who", "when")
"""Shapes of questions that an entry of a glossary may answer whatever else they ask."""
HALF = 0.5
"""Share of a question's words from which a term is all that is asked for."""


def definitions(question: Question, evidence: Sequence[Evidence], shelf: Shelf) -> list[Finding]:
    """Return the words that define the term asked, best place first; empty where no report defines it."""
    entry = glossary_entry(question, evidence, shelf)
    if entry is not None:
        return [entry]
    terms = _terms_asked(question)
    if question.shape != "define" and not names_a_set(question):
        # A question of another shape is answered from the glossary only where it asks for nothing but the entry.
        terms = [term for term in terms if all(bare_text(t.word) in term or match(t, term) for t in question.terms)]
    if not terms:
        return []
    reports = {item.report.id: item.report for item in evidence}
    for report in reports.values():
        for paragraph in shelf.paragraphs(report.id):
            if GLOSSARY not in paragraph.headings:
                continue
            for span in plain_sentences(paragraph.text):
                parts = semicolon_parts(paragraph.text, *span)
                texts = [paragraph.text[slice(*part)] for part in parts]
                starts = [n for n, text in enumerate(texts) if _defines(terms, text, strictly=True)]
                starts = starts or [n for n, text in enumerate(texts) if _defines(terms, text)]
                if starts:
                    first = starts[0]
                    later = [
                        n
                        for n in range(first + 1, len(parts))
                        if re.match(r".{2,10}(?:是指|[:：])", paragraph.text[parts[n][0] :])
                    ]
                    end = parts[later[0] - 1][1] if later else parts[-1][1]
                    return [Finding(report, paragraph, (parts[first][0], end), span)]
    if question.shape not in ("define", "list"):
        return []
    if code := _digit_by_digit(terms, evidence):
        return code
    for item in evidence:
        for span in plain_sentences(item.paragraph.text):
            text = item.paragraph.text[slice(*span)]
            if _defines(terms, text, strictly=True):
                return [Finding(item.report, item.paragraph, span, span)]
            named = _named_set(terms, text)
            if named:
                return [Finding(item.report, item.paragraph, (span[0] + named[0], span[0] + named[1]), span)]
            found = [
                (left + span[0], right + span[0])
                for left, right in clauses(text)
                if _spelt_out(terms, text[left:right])
            ]
            if found:
                return [Finding(item.report, item.paragraph, (found[0][0], found[-1][1]), span)]
    return []


def _digit_by_digit(terms: Sequence[str], evidence: Sequence[Evidence]) -> list[Finding]:
    """The sentences that say what each part of a number code stands for: of “12357” “1”就是…, “2”就是…; empty where fewer than two are told."""
    for item in evidence:
        text = item.paragraph.text
        for code in (term for term in terms if _CODE.fullmatch(term) and term in bare_text(text)):
            parts = "|".join(map(re.escape, re.findall(r"\d+", code) if "+" in code else set(code)))
            tells = re.compile(rf"[“\"](?:{parts})[”\"]{RULES['explains a part'].source}")
            told = [span for span in plain_sentences(text) if tells.search(text, *span)]
            if sum(len(tells.findall(text, *span)) for span in told) > 1:
                return [Finding(item.report, item.paragraph, span, span, is_point=True) for span in told]
    return []


def glossary_entry(question: Question, evidence: Sequence[Evidence], shelf: Shelf) -> Finding | None:
    """The entry of a glossary whose term the question names, by the whole term or by what stands in it in quotation marks."""
    if question.indicators:
        return None
    asked = bare_text(question.topic)
    quoted = {bare_text(name) for name in _QUOTED.findall(question.text)}
    best, found = 0, None
    for report in _with_glossaries(question, evidence, shelf):
        for item in shelf.items(report.id):
            if item.kind != "definition":
                continue
            names = [bare_text(name) for name in (item.heading, *_QUOTED.findall(item.heading))]
            named = [n for n in names if n in asked and (len(n) > 2 or n in quoted or question.shape == "define")]
            length = max(map(len, named), default=0)
            if length <= best:
                continue
            paragraph = shelf.paragraph(item.paragraph_id)
            answers = question.shape in _MEANINGS or _is_all_that_is_asked(named, question)
            if answers or _spells_out(question, paragraph.text[item.start : item.end], named):
                span = item.start, item.end
                best, found = length, Finding(report, paragraph, opening(paragraph, span, LONG), span, is_point=True)
    return found


def _with_glossaries(question: Question, evidence: Sequence[Evidence], shelf: Shelf) -> list[Report]:
    """The reports that were found, and after them the others of the place where no time is asked: each explains its terms once."""
    found = {item.report.id: item.report for item in evidence}
    if not question.periods and not question.report_years and len(question.subject_regions) == 1:
        held = sorted(shelf.of_region(question.subject_regions[0]), key=lambda report: -report.report_year)
        found.update({report.id: report for report in held if report.id not in found})
    return list(found.values())


def _spells_out(question: Question, entry: str, named: Sequence[str]) -> bool:
    """Whether an entry speaks of all the things that are asked beside its term: “4+8+1”里的八大特色产业是哪八个."""
    others = [term for term in question.terms if term.is_name and not any(bare_text(term.word) in n for n in named)]
    return bool(named and others) and all(match(term, bare_text(entry)) >= SYNONYM for term in others)


def _is_all_that_is_asked(names: Sequence[str], question: Question) -> bool:
    """Whether the question asks for little beside a term: “三件大事”到底是哪三件."""
    words = [bare_text(term.word) for term in question.terms]
    inside = sum(len(word) for word in words if any(word in name for name in names))
    return bool(words) and inside >= HALF * sum(map(len, words))


def names_a_set(question: Question) -> bool:
    """Whether a question asks what a quoted name of a set or a number code stands for: “四大战区”是哪四个, “3334”是哪些内容."""
    named = re.search(r"[“\"]([^”\"]{2,10})[”\"](?P<rest>.*)$", question.text)
    if named is None or not re.search(r"(?:是|指|包括|都有|分别)[^,，]{0,3}(?:哪|什么|啥)|哪些内容", named["rest"]):
        return False
    return bool(re.fullmatch(r"[\d+]{2,}|[两双三四五六七八九十](?:大|个|项|条|类|种|型|区|化).{0,6}", fold(named[1])))


def _terms_asked(question: Question) -> list[str]:
    """Names in quotation marks, else what stands before 是什么意思 without the place."""
    quoted = [bare_text(name) for name in re.findall(r"[“\"‘「]([^”\"’」]{2,16})[”\"’」]", question.text)]
    if quoted:
        return quoted
    text = question.topic
    found = _ASKED.match(fold(text).strip("?？ 的"))
    rest = re.sub(r"[?？]|啥意思|都指啥|指啥|都指|是指|指|意思|是$|^(?:请?解释一?下?|什么是|何谓|所谓)", "", text)
    term = bare_text(found["term"] if found else rest)
    return [part for part in re.split(r"[和与跟、]", term) if 2 <= len(part) <= 16]


def _defines(terms: Sequence[str], text: str, strictly: bool = False) -> bool:
    bare = bare_text(text)
    for term in terms:
        at = bare.find(term)
        if at < 0:
            continue
        after = bare[at + len(term) : at + len(term) + 6]
        if re.match(
            r"[:：]?(?:是指|指的是|即|就是指|指)"
            if strictly
            else r"[:：]?(?:[^:：]{0,4})?(?:是指|指的是|即|就是|指|[:：])",
            after,
        ):
            return True
    return False


def _named_set(terms: Sequence[str], text: str) -> tuple[int, int] | None:
    """The clause that lists what a name of a set counts: 「建立A、B、C、D“四个一”工作机制」."""
    for term in terms:
        counted = re.search(r"(?P<count>[两双三四五六七八九十])(?:大|个|项|条|类|种|型|区|化)", term)
        if not counted:
            continue
        count = int(read_number(counted["count"].replace("双", "两")) or 0)
        for left, right in clauses(text):
            part = text[left:right]
            if term in bare_text(part) and len(re.findall(r"、|(?<=[\u4e00-\u9fff”])和|及", part)) >= count - 1:
                return left, right
    return None


def _spelt_out(terms: Sequence[str], text: str) -> bool:
    """Whether a term is followed by its meaning in brackets: QFLP(合格境外有限合伙人)."""
    folded = fold(text).upper()
    return any(re.search(re.escape(term) + r"[”’]?\([^)]*[\u4e00-\u9fff]{4,}[^)]*\)", folded) for term in terms)
