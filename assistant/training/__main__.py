"""Makes the learned weights anew from the questions in `seeds/asked`.

python -m assistant.training                  all weights, from the questions and what was observed
python -m assistant.training observe HOME…    what the judge is trained on, on libraries that hold the questions' reports
python -m assistant.training ordinary HOME…   the words that any report may have, on libraries of many reports
"""

from __future__ import annotations

import sys
from importlib import resources
from pathlib import Path
from tempfile import TemporaryDirectory

from assistant.answering.feature_names import FACT_FEATURES, SENTENCE_FEATURES
from assistant.assembly import build
from assistant.language.lexicon import load_lexicon
from assistant.language.words import Segmenter, words_of
from assistant.settings import load_settings
from assistant.training import observing, questions
from assistant.training.heads import save_heads, train_heads
from assistant.training.judge import save_judge, train_judge
from assistant.training.ordinary import save_ordinary, train_ordinary
from assistant.training.words import save_words, train_words
from embeddings import open_encoder

SENTENCES_SHOWN = 3
"""Sentences of an answer, most often: one is shown beside those that say more of the same."""


def main(arguments: list[str]) -> None:
    """Observe or count on the homes that are named, or train; write the weights into the package."""
    if arguments[:1] == ["ordinary"]:
        shelves = [build(load_settings(home=Path(home))).reader().shelf for home in arguments[1:]]
        texts = {
            report: "\n".join(paragraph.text for paragraph in shelf.paragraphs(report))
            for shelf in shelves
            for report in shelf.reports
        }
        counted = train_ordinary(texts.values(), Segmenter(words_of(load_lexicon())))
        save_ordinary(*counted, Path(str(resources.files("assistant.answering").joinpath("weights"))))
        return
    folder = questions.packaged()
    asked, lexicon = questions.load(folder), load_lexicon()
    manifest: dict[str, object] = {"questions": len(asked), "data": questions.digest(folder)}
    with TemporaryDirectory() as cache:
        encoder = open_encoder("bundled", Path(cache))
        heads, accuracy, unseen = train_heads(asked, encoder.encode_query, lexicon)
    if arguments[:1] == ["observe"]:
        readers = [build(load_settings(home=Path(home))).reader() for home in arguments[1:]]
        observing.save(folder / "observed.npz", *observing.observe(readers, asked, unseen))
    query, answering = (
        Path(str(resources.files(package).joinpath("weights")))
        for package in ("assistant.query", "assistant.answering")
    )
    save_heads(heads, {**manifest, "accuracy": accuracy}, query)
    save_words(train_words(asked, lexicon, Segmenter(words_of(lexicon))), query)
    figures, sentences = observing.load(folder / "observed.npz")
    judges = {
        "figures": train_judge(figures, asked, FACT_FEATURES),
        "sentences": train_judge(sentences, asked, SENTENCE_FEATURES, SENTENCES_SHOWN),
    }
    save_judge(judges, manifest, answering)
    sys.stdout.write(f"{accuracy}\n{ {kind: scores for kind, (_, scores) in judges.items()} }\n")


if __name__ == "__main__":
    main(sys.argv[1:])
