"""What hand-made reports state, read as the library reads them."""

from __future__ import annotations

from collections.abc import Iterable

from assistant.facts.reading import read_facts
from assistant.facts.told import Told
from assistant.language.lexicon import load_lexicon
from assistant.types import Paragraph, Report


def told_in(report: Report, paragraphs: Iterable[Paragraph]) -> tuple[Told, ...]:
    """Every fact of the paragraphs with where it stands."""
    words = load_lexicon()
    return tuple(Told(report, one, fact) for one in paragraphs for fact in read_facts(one, report, words))
