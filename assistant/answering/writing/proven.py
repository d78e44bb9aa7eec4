"""An answer as it grows out of what a model has written from whole passages: each sentence proven, corrected, replaced or left out."""

from __future__ import annotations

import re
import time
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from assistant.answering.compose import MARK, Line
from assistant.answering.verification import unsupported
from assistant.answering.writing import manner
from assistant.answering.writing.checking import Checked, Checker, Said
from assistant.answering.writing.claims import pairs
from assistant.answering.writing.comparing import ARITHMETIC, agrees
from assistant.answering.writing.composition import VERBATIM
from assistant.answering.writing.drafting import Sentence
from assistant.answering.writing.passages import Shown
from assistant.answering.writing.sources import Source
from assistant.answering.writing.turning import bare
from assistant.language.folding import squeeze
from assistant.language.quantities import find_quantities
from assistant.types import Answer, Citation, Figure

LEAST_LIKE = 0.4
"""Share of a failed sentence's pairs of characters that a passage's sentence must have to be quoted in its place."""
LONGEST_LABEL = 24
LONGEST_ITEM = 16
"""Characters of an item that only names something."""
TOLD = 0.9
"""Share of a sentence's pairs of characters that must stand in the answer for it to have been told already."""
ITEM = "· "


@dataclass
class Proven:
    """Takes the sentences of a draft, gives what may be shown. What is shown is never taken back."""

    checker: Checker
    shown: Shown
    extract: Answer
    text: str = ""
    figures: tuple[Figure, ...] = ()
    kept: int = 0
    replaced: int = 0
    unsupported: int = 0
    declined: bool = False
    """Whether the draft says that the passages do not tell, and nothing else."""
    first_shown: float | None = None
    """When the first of it was shown, by `time.perf_counter`."""
    _said: Said = field(default_factory=Said)
    _quoted: list[Source] = field(default_factory=list)
    _label: str = ""
    _numbers: dict[int, int] = field(default_factory=dict)
    """The number that the answer gives to each passage cited so far."""
    _agreed: list[Line] = field(default_factory=list)

    def __post_init__(self) -> None:
        question = self.checker.question
        region = question.subject_regions[0] if len(question.subject_regions) == 1 else None
        roles = frozenset([question.role]) if question.role == "target" else frozenset()
        self._said = Said(question.periods[0] if len(question.periods) == 1 else None, region, roles)

    def add(self, sentence: Sentence) -> str | None:
        """Return what of a sentence is to be shown, which may be nothing; None where it has not passed."""
        if manner.declines(sentence):
            self.declined = not self.kept
            return ""
        if squeeze(sentence.text) in squeeze(self.text) or manner.announces(sentence.text):
            return ""
        if sentence.is_label:
            if not self._take_label(sentence):
                self._take_lead(sentence)
            return ""
        is_short = sentence.opens_line and not sentence.numbers and len(sentence.text) <= LONGEST_LABEL
        if is_short and self._take_label(sentence):
            return ""
        named = self._verbatim(sentence)
        checked = named or self.check(sentence)
        if not checked.passes:
            return None
        self.declined = False
        end = "" if named else sentence.end or "。"
        return "" if self._is_told(checked) else self._show(checked, sentence, end)

    def _verbatim(self, sentence: Sentence) -> Checked | None:
        """An item of a list that is a run of a cited passage's own words, such as a name: its lead has said whose, when and what it is."""
        words = bare(sentence.text)
        if not sentence.is_item or not 2 <= len(words) <= LONGEST_ITEM:
            return None
        among = [source for source in self.checker.material.sources if source.number in sentence.numbers]
        source = next((source for source in among if words in bare(source.text)), None)
        if source is None or any(quantity.unit for quantity in find_quantities(sentence.text)):
            return None
        marks = ((len(sentence.text), source.number),)
        return Checked(sentence.text, (source,), marks=marks, said=self._said)

    def _is_told(self, checked: Checked) -> bool:
        """Whether a sentence says nothing that the answer has not said: all its figures, and nearly all its words."""
        told = {(figure.text, figure.citation) for figure in self.figures}
        words = pairs(checked.text)
        is_new = not words or len(words & pairs(self.text)) < TOLD * len(words)
        own = {(figure.text, self._numbers.get(figure.citation or 0, figure.citation)) for figure in checked.figures}
        return not is_new and own <= told

    def check(self, sentence: Sentence) -> Checked:
        """Check a sentence as it stands, then the citation wall: no figure without a cited paragraph or arithmetic."""
        checked = self.checker.check(sentence.text, self._said, sentence.numbers)
        computed = [figure for line in self.checker.material.own for figure in line.computed]
        paragraphs = [source.paragraph.text for source in checked.sources]
        computed += checked.worked_out.computed if checked.worked_out else ()
        if checked.passes and unsupported(checked.text, paragraphs, computed):
            return replace(checked, faults=("figure",), unsupported=1)
        return checked

    def in_its_place(self, sentence: Sentence) -> str:
        """Show the sentence of a passage that a failed one was made of, where it is plain which; else nothing."""
        checked = self.check(sentence)
        self.unsupported += checked.unsupported
        own = pairs(sentence.text) - pairs(self.checker.question.text)
        among = [s for s in self.checker.material.sources if s.number in sentence.numbers and s not in self._quoted]
        best = max(among, key=lambda source: len(own & source.pairs), default=None)
        if best is None or not own or len(own & best.pairs) < LEAST_LIKE * len(own):
            return ""
        if squeeze(best.words) in squeeze(self.text):
            return ""
        self.replaced += 1
        self._quoted.append(best)
        number = self._number(best.number)
        told = (self.checker.figure_of(claim, best, claim) for claim in best.shown)
        self.figures += tuple(replace(figure, citation=number) for figure in told)
        return self._line(f"{best.lead}：{best.words}{VERBATIM}{MARK.format(number)}。", sentence)

    def finish(self, *, lost: bool) -> str:
        """Return what the answer still owes: what the program has worked out, and figures of the extract where the draft `lost` some."""
        if not self.kept:
            return ""
        owed = [line for line in self.checker.material.own if line not in self._agreed]
        words = "".join(f"\n{line.words}" for line in owed)
        self.figures += tuple(figure for line in owed for figure in line.computed)
        if lost and not self._tells_a_figure_of_the_extract():
            words += f"\n{self.extract.answer}"
            self.figures += self.extract.figures
            numbers = {citation.number for citation in self.extract.citations}
            self._quoted += [source for source in self.checker.material.sources if source.number in numbers]
        self.text += words
        return words

    def _tells_a_figure_of_the_extract(self) -> bool:
        told = {(figure.value, figure.unit) for figure in self.figures}
        wanted = {(figure.value, figure.unit) for figure in self.extract.figures}
        return self.extract.verdict != "answered" or not wanted or bool(told & wanted)

    def citations(self) -> tuple[Citation, ...]:
        """Return the paragraphs that the text cites, by number."""
        told = {int(number) for number in re.findall(r"〔(\d+)〕", self.text)}
        of_passages = {told: passage for passage, told in self._numbers.items()}
        passages = [of_passages.get(number, number) for number in sorted(told)]
        cited = self.shown.citations(passages, self._quoted)
        return tuple(
            sorted((replace(one, number=self._number(one.number)) for one in cited), key=lambda one: one.number)
        )

    def _number(self, passage: int) -> int:
        """The number by which a passage is cited: its own where the extract, shown meanwhile, has it; else in the order of their use."""
        if self.extract.citations:
            return passage
        return self._numbers.setdefault(passage, len(self._numbers) + 1)

    def _show(self, checked: Checked, sentence: Sentence, end: str) -> str:
        self.kept += 1
        self._said = checked.said
        self._quoted += [source for source in checked.sources if source not in self._quoted]
        marks = [(place, self._number(number)) for place, number in checked.marks]
        self.figures += tuple(
            replace(figure, citation=self._number(figure.citation)) if figure.citation else figure
            for figure in checked.figures
        )
        for line in self.checker.material.own:
            if line not in self._agreed and agrees(checked.text, line.words, self.checker):
                self.figures += line.computed
                self._agreed.append(line)
        words, at = "", 0
        for place, number in marks:
            words += checked.text[at:place] + MARK.format(number)
            at = place
        tail = ""
        if checked.worked_out:
            self.figures += checked.worked_out.computed
            tail = "".join(ARITHMETIC.findall(checked.worked_out.words))
        if sentence.is_item and not self.text and not self._label:
            self._label = checked.sources[0].lead  # whose and when, where the draft's own lead has not passed
        return self._line(words + checked.text[at:] + tail + end, sentence)

    def _line(self, words: str, sentence: Sentence) -> str:
        """Append a sentence: on a line of its own where the draft has one, behind the label that it stands under."""
        breaks = "\n" if self.text and sentence.opens_line else ""
        label = f"{self._label}：" if self._label else ""
        if label and sentence.is_item:
            label = f"{label}\n"
        self._label = ""
        part = (breaks if not label else "\n" if self.text else "") + label + (ITEM if sentence.is_item else "") + words
        self.text += part
        self.first_shown = self.first_shown or time.perf_counter()
        return part

    def _take_label(self, sentence: Sentence) -> bool:
        """Keep a line that only heads what follows until something of it is shown: it says no more than place, time and matter."""
        checked = self.checker.check(sentence.text, self._said, sentence.numbers)
        wrong = set(checked.faults) - {"invented", "unfinished", "role", "language"}
        if wrong or checked.unsupported or len(sentence.text) > LONGEST_LABEL or not self._is_neutral(sentence.text):
            return False
        self._label = sentence.text
        self._said = self.checker.now_said(sentence.text, self._said, checked.sources, None)
        return True

    def _take_lead(self, sentence: Sentence) -> None:
        """Keep a line that leads in a list and says something of its own, where that is borne out."""
        checked = self.check(sentence)
        if checked.passes:
            self._label, self._said = checked.text, checked.said

    def _is_neutral(self, text: str) -> bool:
        known = pairs("\n".join([self.checker.question.text, *(s.around for s in self.checker.material.sources)]))
        own = pairs(text)
        return len(own & (known | _HEADS)) >= 0.7 * len(own)


_HEADS = pairs(
    "已完成情况\n主要目标\n工作计划\n主要任务\n已完成工作\n下一步计划\n主要成效\n取得成效\n具体措施\n主要措施\n重点工作\n计划方面\n完成方面\n目标方面\n结果方面"
)


def failing(sentences: Sequence[tuple[Sentence, Checked]]) -> str:
    """The failed sentences with their numbers and reasons, as the prompt for correcting has them."""
    return "\n".join(
        f"{at}. {sentence.text}（{'、'.join(REASONS.get(fault, REASONS['invented']) for fault in checked.faults[:2])}）"
        for at, (sentence, checked) in enumerate(sentences, start=1)
    )


REASONS = {
    "figure": "资料里没有这个数字",
    "hedge": "“左右”“以上”“约”等字样与资料不符",
    "direction": "增减与资料不符",
    "year": "年份与资料不符",
    "place": "地区与资料不符",
    "indicator": "数字说的不是这件事",
    "role": "目标还是完成与资料不符，或没有写明",
    "number": "有资料里没有的数字或日期",
    "denial": "否定或程度与资料不符",
    "wording": "有资料里没有的判断或结论",
    "name": "有资料里没有的名称",
    "quote": "引号里的话不是原文",
    "comparison": "资料里没有这个比较",
    "language": "不是中文",
    "unfinished": "句子不完整",
    "invented": "有资料里没有的内容",
}
"""What is wrong with a sentence, as the model is told."""
