"""What an evaluation writes can be read back, by this program and by others."""

from __future__ import annotations

import json
from dataclasses import asdict, replace
from pathlib import Path

import pytest

from assistant.evaluation.files import NotAnEvaluation, read, trec_run, write
from assistant.evaluation.metrics import judge
from assistant.evaluation.questions import Quote
from tests.evaluation.samples import HOSTILE, answer, evaluation, hostile, question, refusal, right, wrong


def test_an_evaluation_is_read_back_as_it_was(tmp_path: Path) -> None:
    whole = evaluation([right(1), wrong(2), refusal(3), hostile(4)])
    write(whole, tmp_path / "new" / "out")
    assert sorted(path.name for path in (tmp_path / "new" / "out").iterdir()) == [
        "report.html",
        "responses.jsonl",
        "run.trec",
        "scorecard.json",
    ]
    assert read(tmp_path / "new" / "out") == whole


def test_a_response_holds_every_field_of_question_and_answer_and_only_the_scores_that_apply(tmp_path: Path) -> None:
    judged = refusal(1)
    write(evaluation([judged]), tmp_path)
    (line,) = (tmp_path / "responses.jsonl").read_text("utf-8").splitlines()
    written = json.loads(line)
    assert written["gold"] == json.loads(json.dumps(asdict(judged.gold)))
    assert written["answer"] == json.loads(json.dumps(asdict(judged.answer)))
    assert written["scores"] == {name: score for name, score in judged.scores.items() if score is not None}
    assert "recall@1" not in written["scores"]


def test_a_hostile_answer_stays_on_one_line(tmp_path: Path) -> None:
    write(evaluation([hostile(1)]), tmp_path)
    (line,) = (tmp_path / "responses.jsonl").read_text("utf-8").splitlines()
    assert json.loads(line)["answer"]["answer"] == HOSTILE


def test_a_metric_that_applies_nowhere_is_absent_from_the_scorecard(tmp_path: Path) -> None:
    write(evaluation([right(1), right(2)]), tmp_path)
    scorecard = json.loads((tmp_path / "scorecard.json").read_text("utf-8"))
    assert scorecard["schema"] == 1
    assert "refusal_recall" not in scorecard["overall"]
    assert scorecard["overall"]["answer_right"] == {"value": 1.0, "low": 1.0, "high": 1.0, "n": 2}
    assert list(scorecard["by_kind"]) == ["target"]
    assert list(scorecard["by_report"]) == ["松北区 2025"]
    assert list(scorecard["by_tag"]) == ["甲"]
    assert scorecard["by_tag"]["甲"]["answer_right"]["n"] == 1


def test_a_run_names_each_document_once_and_its_scores_fall_with_the_rank() -> None:
    lines = [line.split(" ") for line in trec_run([right(1), wrong(2)]).splitlines()]
    assert [fields[:4] for fields in lines] == [
        ["q_1", "Q0", "8fabc22ccca2c171-1-7", "1"],
        ["q_1", "Q0", "8fabc22ccca2c171-1-9", "2"],
        ["q_2", "Q0", "8fabc22ccca2c171-1-7", "1"],
        ["q_2", "Q0", "8fabc22ccca2c171-1-9", "2"],
    ]
    assert {len(fields) for fields in lines} == {6}
    assert {fields[5] for fields in lines} == {"zhengwen"}
    assert float(lines[0][4]) > float(lines[1][4])


def test_a_run_for_a_beir_corpus_names_the_documents_of_that_corpus() -> None:
    gold = question(1)
    paragraph = answer(gold).retrieved[0].text
    beir = replace(gold, evidence=(Quote(paragraph, "doc-a"),), must_include=(), relevant={"doc-a": 1})
    lines = trec_run([judge(beir, answer(gold), 0.1)]).splitlines()
    assert [line.split(" ")[2] for line in lines] == ["doc-a", "8fabc22ccca2c171-1-7", "8fabc22ccca2c171-1-9"]


def test_an_earlier_evaluation_is_replaced(tmp_path: Path) -> None:
    write(evaluation([right(1), right(2)]), tmp_path)
    write(evaluation([wrong(3)]), tmp_path)
    assert [judged.gold.id for judged in read(tmp_path).judged] == ["q 3"]


def test_a_folder_without_an_evaluation_is_refused_by_the_name_of_what_is_missing(tmp_path: Path) -> None:
    with pytest.raises(NotAnEvaluation, match=r"scorecard\.json"):
        read(tmp_path)


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("scorecard.json", "{", "损坏"),
        ("scorecard.json", '{"schema": 99}', "版本"),
        ("scorecard.json", "[]", "版本"),
        ("responses.jsonl", '{"gold": 1}\n', "第 1 行"),
        ("responses.jsonl", "{\n", "第 1 行"),
    ],
)
def test_a_damaged_evaluation_is_refused_with_its_place(tmp_path: Path, name: str, content: str, said: str) -> None:
    write(evaluation([right(1)]), tmp_path)
    (tmp_path / name).write_text(content, "utf-8")
    with pytest.raises(NotAnEvaluation, match=said):
        read(tmp_path)


def test_a_place_that_cannot_be_written_is_an_error_in_words(tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("x", "utf-8")
    with pytest.raises(NotAnEvaluation, match="taken"):
        write(evaluation([right(1)]), tmp_path / "taken")
