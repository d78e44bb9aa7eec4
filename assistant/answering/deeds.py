"""Yes or no to a deed without a figure: 民生实事全办完了，是真的吗 against 年度民生实事项目全部完成."""

from __future__ import annotations

import re
from dataclasses import replace

from assistant.answering.compose import Line
from assistant.answering.reading import Reading
from assistant.language.folding import fold
from assistant.language.ruleset import read_rules
from assistant.language.sentences import clauses
from assistant.retrieval.question import Question
from assistant.retrieval.relevance import SYNONYM, bare_text, match

_RULES = read_rules("deeds")
_NOT_YET = _RULES["not yet"].pattern
_DEEDS = {name: (rule.pattern, re.compile(rule.row["told"])) for name, rule in _RULES.items() if name != "not yet"}


def with_verdict(question: Question, reading: Reading) -> Reading:
    """Put 是的 before an answer that tells the very deed that is asked about as done; anything less is left as it is.

    A clause must name all that the question names, be of what has come about, and say nothing of plans; what 全 claims it must say.
    """
    asked = fold(question.text)
    told = next((told for deed, told in _DEEDS.values() if deed.search(asked)), None)
    has_verdict = any(line.findings and line.words for line in reading.lines)  # …；完成，多82张
    if told is None or has_verdict or reading.verdict != "answered" or question.role == "target":
        return reading
    names = [
        term for term in question.terms if term.is_name and not any(d.search(term.word) for d, _ in _DEEDS.values())
    ]
    for finding in (finding for line in reading.lines for finding in line.findings):
        for clause in clauses(finding.paragraph.text, *finding.quote):
            words = finding.paragraph.text[slice(*clause)]
            is_it = bool(told.search(words)) and all(match(term, bare_text(words)) >= SYNONYM for term in names)
            whole = "全" not in asked or "全" in words
            if names and is_it and whole and finding.paragraph.role == "actual" and not _NOT_YET.search(words):
                lines = [line for line in reading.lines if line.findings]
                return replace(reading, lines=(Line(words="是的。"), *lines), decided_by=f"deed, {reading.decided_by}")
    return reading
