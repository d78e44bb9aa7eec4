"""Which words of questions say what is asked about, and which only that something is asked: learned from question and evidence."""

from __future__ import annotations

import json
import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from pathlib import Path

from assistant.language.folding import fold
from assistant.language.lexicon import Lexicon
from assistant.language.periods import find_periods
from assistant.language.words import Segmenter
from assistant.training.questions import AskedQuestion, gazetteer_of

LEAST_PLACES = 4
"""Places whose questions must use a word before anything is said of it: a thing of one place is no word of asking."""
WHOLE = 0.7
"""Share from which a word counts whole, and is not listed."""


def train_words(questions: Sequence[AskedQuestion], lexicon: Lexicon, segmenter: Segmenter) -> dict[str, float]:
    """Return for each word of asking the share of its weight that it keeps, 0 to 1.

    A word that names what is asked about mostly stands in the sentence that answers, too; 麻烦, 多少 and 打算 do not. The
    share is how often it does, of the questions that have an answer; words beyond the list keep their whole weight.
    """
    answered = [question for question in questions if question.evidence]
    gazetteer = gazetteer_of(questions)
    asked: Counter[str] = Counter()
    told: Counter[str] = Counter()
    places: defaultdict[str, set[str]] = defaultdict(set)
    for question in answered:
        text = fold(question.question).upper()
        characters = list(text)
        spans = [(m.start, m.end) for m in find_periods(text, this_year=2000)]
        spans += [(p.start, p.end) for p in gazetteer.find(text)] + [(m.start, m.end) for m in lexicon.asked_in(text)]
        for start, end in spans:
            characters[start:end] = ["\n"] * (end - start)
        evidence = fold(" ".join(question.evidence)).upper()
        for word in {word.strip().lower() for word in segmenter.cut("".join(characters))}:
            if re.search(r"[^\W\d]", word) and not word[0].isdigit() and word not in lexicon.synonyms:
                asked[word] += 1
                told[word] += any(form in evidence for form in (word.upper(),))
                places[word].add(question.district or "")
    shares = {word: (told[word] + 0.5) / (n + 1) for word, n in asked.items() if len(places[word]) >= LEAST_PLACES}
    usual = sorted(shares.values())[len(shares) // 2] if shares else 1.0
    kept = {word: min(1.0, share / max(usual, 0.3)) for word, share in shares.items()}
    return {word: round(share, 3) for word, share in sorted(kept.items()) if share < WHOLE}


def save_words(words: dict[str, float], folder: Path) -> None:
    """Write the shares, one word a line, so that a difference can be read."""
    (folder / "words.json").write_text(json.dumps(words, ensure_ascii=False, indent=0) + "\n", "utf-8")
