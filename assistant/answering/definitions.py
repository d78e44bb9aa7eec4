"""Answers to 「什么是政区合一」: the entry of the glossary, or the sentence that defines or lists."""

from __future__ import annotations

import re
from collections.abc import Sequence

from assistant.answering.finding import Finding
from assistant.language.folding import fold
from assistant.language.sentences import clauses, semicolon_parts, sentences
from assistant.retrieval.question import Question
from assistant.retrieval.relevance import bare_text
from assistant.retrieval.shelf import Shelf
from assistant.types import Evidence

STRICT_DEFINITION = re.compile(r"什么是|意思|指什么|指啥|指的是|含义|都指|何谓|所谓|定义|怎么理解")
_ASKED = re.compile(
    r"(?:什么是|是|何谓|所谓|请?解释一?下?|说说)?(?P<term>[^,，。?？]{2,20}?)(?:具体|都|各|分别|到底|究竟)*(?:是指|指的?是|是|指|减的是|的?定义|的?含义)?"
    r"(?:干嘛|干什么|做什么|什么|啥|哪[几一二两三四五六七八九十]*[个样项种些]?|怎么理解|的?意思|含义|稳哪).*$"
)
_GLOSSARY = "名词解释"


def definitions(question: Question, evidence: Sequence[Evidence], shelf: Shelf) -> list[Finding]:
    """Return the words that define the term asked, best place first; empty where no report defines it."""
    terms = _terms_asked(question)
    if not terms:
        return []
    reports = {item.report.id: item.report for item in evidence}
    for report in reports.values():
        for paragraph in shelf.paragraphs(report.id):
            if not any(_GLOSSARY in heading for heading in paragraph.headings):
                continue
            for span in sentences(paragraph.text):
                parts = semicolon_parts(paragraph.text, *span)
                starts = [n for n, part in enumerate(parts) if _defines(terms, paragraph.text[slice(*part)])]
                if starts:
                    first = starts[0]
                    later = [n for n in range(first + 1, len(parts)) if re.match(r".{2,10}(?:是指|[:：])", paragraph.text[parts[n][0] :])]
                    end = parts[later[0] - 1][1] if later else parts[-1][1]
                    return [Finding(report, paragraph, (parts[first][0], end), span)]
    for item in evidence:
        for span in sentences(item.paragraph.text):
            text = item.paragraph.text[slice(*span)]
            if _defines(terms, text, strictly=True):
                return [Finding(item.report, item.paragraph, span, span)]
            found = [(left + span[0], right + span[0]) for left, right in clauses(text) if _spelt_out(terms, text[left:right])]
            if found:
                return [Finding(item.report, item.paragraph, (found[0][0], found[-1][1]), span)]
    return []


def _terms_asked(question: Question) -> list[str]:
    """Names in quotation marks, else what stands before 是什么意思 without the place."""
    quoted = [bare_text(name) for name in re.findall(r"[“\"‘「]([^”\"’」]{2,16})[”\"’」]", question.text)]
    if quoted:
        return quoted
    text = question.topic
    found = _ASKED.match(fold(text).strip("?？ 的"))
    term = bare_text(found["term"] if found else re.sub(r"[?？]|啥意思|都指啥|指啥|都指|是指|指|意思|是$", "", text))
    return [part for part in re.split(r"[和与跟、]", term) if 2 <= len(part) <= 16]


def _defines(terms: Sequence[str], text: str, strictly: bool = False) -> bool:
    bare = bare_text(text)
    for term in terms:
        at = bare.find(term)
        if at < 0:
            continue
        after = bare[at + len(term) : at + len(term) + 6]
        if re.match(r"[:：]?(?:是指|指的是|即|就是指)" if strictly else r"[:：]?(?:[^:：]{0,4})?(?:是指|指的是|即|就是|指|[:：])", after):
            return True
    return False


def _spelt_out(terms: Sequence[str], text: str) -> bool:
    """Whether a term is followed by its meaning in brackets: QFLP(合格境外有限合伙人)."""
    folded = fold(text).upper()
    return any(re.search(re.escape(term) + r"[”’]?\([^)]*[\u4e00-\u9fff]{4,}[^)]*\)", folded) for term in terms)
