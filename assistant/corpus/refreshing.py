"""Brings what is held up to date when the embedding model or the rules of facts have changed; needs no source file."""

from __future__ import annotations

from assistant.corpus.horizon import annotate
from assistant.corpus.ingest import Encode, encoded
from assistant.corpus.library import Library
from assistant.corpus.progress import Progress, counting_on
from assistant.corpus.turns import alone
from assistant.facts.report import read_report, reading_rules
from assistant.language.lexicon import Lexicon


def encode_again(library: Library, encode: Encode, embedding: str, progress: Progress | None = None) -> int:
    """Give each report that another model encoded vectors of this one; return how many there were.

    Needs no source file. Raises as `ingest` does; a report is changed whole or not at all.
    """
    with alone(library.path.with_suffix(".lock")):
        made_with = {identity: library.made_with(identity) for identity in library.reviews.all_ids()}
        stale = [identity for identity, made in made_with.items() if made is not None and made[1] != embedding]
        texts = {identity: [passage.indexed for passage in library.passages_of(identity)] for identity in stale}
        total, done = sum(map(len, texts.values())), 0
        for identity, indexed in texts.items():
            vectors = encoded(indexed, encode, counting_on(done, total, progress))
            library.replace_vectors(identity, vectors, embedding)
            done += len(indexed)
    return len(stale)


def read_again(library: Library, lexicon: Lexicon, progress: Progress | None = None) -> int:
    """Read the times and the facts of each report anew whose rules have changed, from its own paragraphs; return how many there were.

    Needs neither source file nor embedding model. A report is changed whole or not at all.
    """
    rules = reading_rules(lexicon)
    if not library.unread(rules):
        return 0
    with alone(library.path.with_suffix(".lock")):
        stale = library.unread(rules)  # another process may have read them while this one waited
        for done, identity in enumerate(stale, start=1):
            report = library.report(identity)
            paragraphs = annotate(library.paragraphs(identity), report)
            library.read_anew(identity, paragraphs, read_report(paragraphs, report, lexicon))
            if progress is not None:
                progress(done, len(stale))
    return len(stale)
