from __future__ import annotations

import json
import zipfile
from importlib import resources
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from openpyxl import Workbook

from assistant.evaluation.expected import requirements
from assistant.evaluation.gold import GoldQuestion, GoldSet, NotAGoldFile, Quote, load_gold
from assistant.evaluation.metrics import answer_right
from assistant.evaluation.ranking import ranks_of_needed
from assistant.types import Answer, ReportRef, Retrieved

SEEDS = resources.files("seeds")
SCHEMA = Draft202012Validator(json.loads((SEEDS / "questions.schema.json").read_text("utf-8")))
GDP = {"question": "松北区2025年GDP目标是多少", "kind": "target", "answer": "5.5%。", "must_include": ["5.5%"]}
SONGBEI = ReportRef("8ed70c806e0b4433", "2025年哈尔滨市松北区政府工作报告", "松北区", 2025)


def _written(path: Path, *lines: object) -> Path:
    path.write_text(
        "\n".join(line if isinstance(line, str) else json.dumps(line, ensure_ascii=False) for line in lines)
    )
    return path


def _only(gold: GoldSet) -> GoldQuestion:
    (question,) = gold.questions
    assert gold.problems == ()
    return question


def _answer(text: str, **fields: Any) -> Answer:
    return Answer("问", fields.pop("verdict", "answered"), text, **fields)


# The project's own format


def test_the_schema_is_a_schema_and_every_seed_question_keeps_to_it() -> None:
    Draft202012Validator.check_schema(SCHEMA.schema)
    lines = (SEEDS / "questions.jsonl").read_text("utf-8").splitlines()
    assert [error.message for line in lines for error in SCHEMA.iter_errors(json.loads(line))] == []


def test_every_seed_question_is_read_whole(gold: GoldSet) -> None:
    lines = [json.loads(line) for line in (SEEDS / "questions.jsonl").read_text("utf-8").splitlines()]
    assert gold.problems == ()
    assert [(one.id, one.question, one.year, one.answer) for one in gold.questions] == [
        (line["id"], line["question"], line["year"], line["answer"]) for line in lines
    ]
    assert [len(one.must_include) for one in gold.questions] == [len(line["must_include"]) for line in lines]
    assert all(quote.file for one in gold.questions for quote in one.evidence)


@pytest.mark.parametrize(
    ("wrong", "named"),
    [
        ({"question": " "}, "没有问题"),
        ({"answer": "5%"}, "没有问题"),
        ({"question": 5}, "question 应是文字"),
        ({"question": "问", "kind": "目的"}, "kind 不能是“目的”"),
        ({"question": "问", "must_inclde": ["5%"]}, "must_inclde"),
        ({"question": "问", "must_include": "5%"}, "must_include"),
        ({"question": "问", "must_include": [[]]}, "must_include"),
        ({"question": "问", "must_include": [5]}, "must_include"),
        ({"question": "问", "must_not_include": [""]}, "must_not_include"),
        ({"question": "问", "history": "前一问"}, "history"),
        ({"question": "问", "year": "去年"}, "年份"),
        ({"question": "问", "year": True}, "年份"),
        ({"question": "问", "year": 25}, "年份"),
        ({"question": "问", "evidence": ["原文"]}, "evidence"),
        ({"question": "问", "evidence": [{"quote": ""}]}, "evidence"),
        ({"question": "问", "evidence": [{"quote": "原文", "page": 3}]}, "evidence"),
        ({"question": "问", "tags": "重点"}, "tags"),
        ({"question": "问", "relevant": {}}, "relevant"),
        ({"question": "问", "relevant": {"a": "1"}}, "relevant"),
    ],
)
def test_a_bad_line_is_named_with_what_is_wrong_and_the_schema_refuses_it_too(
    tmp_path: Path, wrong: dict[str, Any], named: str
) -> None:
    gold = load_gold([_written(tmp_path / "gold.jsonl", GDP, wrong, {**GDP, "id": "last"})])
    assert [question.id for question in gold.questions] == ["gold-1", "last"]
    (problem,) = gold.problems
    assert (problem.path, problem.line) == ("gold.jsonl", 2)
    assert named in problem.message
    assert str(problem).startswith("gold.jsonl 第 2 行：")
    assert not SCHEMA.is_valid(wrong)


@pytest.mark.parametrize("line", ["{", "[1, 2]", '"text"', "null", '{"question": "问"', "[" * 100_000])
def test_a_line_that_is_no_json_object_is_named(tmp_path: Path, line: str) -> None:
    gold = load_gold([_written(tmp_path / "gold.jsonl", line, "", GDP)])
    assert [problem.line for problem in gold.problems] == [1]
    assert [question.id for question in gold.questions] == ["gold-3"]


@pytest.mark.parametrize("fine", [{"question": "问", "year": None}, {"question": "问", "year": "2025年"}, GDP])
def test_what_the_schema_takes_is_read(tmp_path: Path, fine: dict[str, Any]) -> None:
    assert SCHEMA.is_valid(fine)
    assert _only(load_gold([_written(tmp_path / "gold.jsonl", fine)])).year in (None, 2025)


def test_a_line_separator_inside_a_string_ends_no_line(tmp_path: Path) -> None:
    line = '{"question": "前\u2028后\x85"}\r'
    gold = load_gold([_written(tmp_path / "gold.jsonl", line, "{", line)])
    assert [(one.id, one.question) for one in gold.questions] == [
        ("gold-1", "前\u2028后\x85"),
        ("gold-3", "前\u2028后\x85"),
    ]
    assert [problem.line for problem in gold.problems] == [2]


def test_an_id_that_is_there_twice_is_named_and_one_of_another_file_gets_its_name(tmp_path: Path) -> None:
    first = _written(tmp_path / "first.jsonl", {**GDP, "id": "a"}, {**GDP, "id": "a"})
    second = _written(tmp_path / "second.jsonl", {**GDP, "id": "a"}, {**GDP, "id": "b"})
    gold = load_gold([first, second])
    assert [question.id for question in gold.questions] == ["a", "second/a", "b"]
    assert [str(problem) for problem in gold.problems] == ["first.jsonl 第 2 行：编号 a 与第 1 行重复。"]


@pytest.mark.parametrize(
    ("name", "text", "named"),
    [
        ("gold.jsonl", "", "没有可用的测试题"),
        ("gold.jsonl", "{}\n{}", "没有问题"),
        ("gold.csv", "问题,答案\n", "没有可用的测试题"),
        ("gold.csv", "题目,回答\n问,答\n", "表头里没有“问题”"),
        ("gold.pdf", "%PDF-1.7", "不认识"),
        ("gold.xlsx", "no archive", "不是 XLSX"),
    ],
)
def test_a_file_without_any_question_is_refused_with_a_hint(tmp_path: Path, name: str, text: str, named: str) -> None:
    with pytest.raises(NotAGoldFile, match=named) as refused:
        load_gold([_written(tmp_path / name, text)])
    assert refused.value.hint


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(NotAGoldFile, match="打不开"):
        load_gold([tmp_path / "none.jsonl"])


# The field names of ragas


def test_a_line_of_ragas_is_a_question_with_evidence_and_what_its_reference_requires(tmp_path: Path) -> None:
    line = {
        "user_input": "松北区2025年GDP目标是多少",
        "reference": "地区生产总值增长5.5%左右。",
        "reference_contexts": ["地区生产总值增长5.5%"],
        "response": "6%",
        "retrieved_contexts": ["别的"],
    }
    question = _only(load_gold([_written(tmp_path / "ragas.jsonl", line)]))
    assert question.evidence == (Quote("地区生产总值增长5.5%"),)
    assert question.year == 2025
    assert answer_right(question, _answer("增长约5.5%")) == 1
    assert answer_right(question, _answer("增长5.5%")) == 0
    assert answer_right(question, _answer("增长6.5%左右")) == 0


def test_a_conversation_of_ragas_keeps_its_earlier_questions(tmp_path: Path) -> None:
    turns = [
        {"type": "human", "content": "松北区2025年GDP目标是多少"},
        {"type": "ai", "content": "5.5%"},
        {"type": "human", "content": "社零呢"},
    ]
    question = _only(load_gold([_written(tmp_path / "r.jsonl", {"user_input": turns, "reference": "6%"})]))
    assert (question.question, question.history) == ("社零呢", ("松北区2025年GDP目标是多少",))


@pytest.mark.parametrize("asked", [[], 5, None, ""])
def test_a_line_of_ragas_without_a_question_is_named(tmp_path: Path, asked: object) -> None:
    bad = {"user_input": asked, "reference": "6%"}
    assert [problem.line for problem in load_gold([_written(tmp_path / "r.jsonl", bad, GDP)]).problems] == [1]


# Tables


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
@pytest.mark.parametrize("comma", [",", "\t", ";"])
def test_a_table_is_read_in_the_encodings_and_with_the_commas_that_excel_writes(
    tmp_path: Path, encoding: str, comma: str
) -> None:
    rows = ["问题,答案", "松北区2025年GDP目标是多少,增长5.5%左右", "谁作的报告,高洪旗", "道里2023年社零目标,7%"]
    path = tmp_path / "题.csv"
    path.write_bytes("\r\n".join(row.replace(",", comma) for row in rows).encode(encoding))
    gold = load_gold([path])
    assert [(one.id, one.answer) for one in gold.questions] == [
        ("题-2", "增长5.5%左右"), ("题-3", "高洪旗"), ("题-4", "7%")
    ]  # fmt: skip
    assert gold.questions[1].must_include == (("高洪旗",),)


def test_a_bad_row_is_named_by_the_line_it_ends_on_and_a_cell_may_run_over_lines(tmp_path: Path) -> None:
    gold = load_gold([_written(tmp_path / "g.csv", "q,a", '"两\n行",3户', ",没有问题", "没有答案,", "问,4户")])
    assert [(one.id, one.question) for one in gold.questions] == [("g-3", "两\n行"), ("g-6", "问")]
    assert [(problem.line, problem.message) for problem in gold.problems] == [(4, "没有问题。"), (5, "没有答案。")]


def test_the_further_columns_say_more_than_the_answer(tmp_path: Path) -> None:
    head = "编号,问题,答案,类型,地区,年份,必含,不得含,依据,标签"
    row = "a1,问,62万元,目标,松北区,2025年,62万|六十二万;松北,26万;63万,原文一|原文二,重点、财政"
    question = _only(load_gold([_written(tmp_path / "g.csv", head, row)]))
    assert question == GoldQuestion(
        "a1", "问", (), "target", "松北区", 2025, "62万元", (("62万", "六十二万"), ("松北",)), ("26万", "63万"),
        (Quote("原文一"), Quote("原文二")), ("重点", "财政"),
    )  # fmt: skip


def test_a_kind_that_is_none_is_named(tmp_path: Path) -> None:
    gold = load_gold([_written(tmp_path / "g.csv", "问题,答案,类型", "问,答,什么", "问,答案,列举")])
    assert [problem.line for problem in gold.problems] == [2]
    assert gold.questions[0].kind == "list"


def test_a_workbook_is_read_as_a_table(tmp_path: Path) -> None:
    book = Workbook()
    sheet = book.active
    sheet.append(["问题", "答案", "年份"])
    sheet.append(["松北区2025年新建学校几所", 7, 2025])
    sheet.append([None, None, None])
    sheet.append(["没有答案", None, None])
    sheet.append(["财政收入", "620亿元左右", None])
    book.save(tmp_path / "g.xlsx")
    gold = load_gold([tmp_path / "g.xlsx"])
    assert [(one.id, one.answer, one.year) for one in gold.questions] == [
        ("g-2", "7", 2025),
        ("g-5", "620亿元左右", None),
    ]
    assert [problem.line for problem in gold.problems] == [4]


def test_a_workbook_that_unpacks_to_far_more_than_questions_is_refused(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "bomb.xlsx", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", b" " * 60_000_000)
    with pytest.raises(NotAGoldFile, match="太大"):
        load_gold([tmp_path / "bomb.xlsx"])


def test_a_broken_workbook_is_refused_with_a_hint(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "g.xlsx", "w") as archive:
        archive.writestr("[Content_Types].xml", "<none")
    with pytest.raises(NotAGoldFile, match="不是完好的 XLSX"):
        load_gold([tmp_path / "g.xlsx"])


# What an answer requires


@pytest.mark.parametrize(
    ("reference", "right", "wrong"),
    [
        ("620亿元左右", "约620亿元", "620亿元"),
        ("12000亿元", "1.2万亿元", "1.3万亿元"),
        ("1,029.8万元", "1029.8万元", "29.8万元"),
        ("百分之五", "5%", "6.5%"),
        ("培育3户以上", "3家以上", "3家"),
        ("5%—6%", "5%—6%之间", "5%"),
        ("利民中心医院。", "松北区计划启动利民中心医院", "松北中心医院"),
        ("合成生物、类脑科技", "类脑科技和合成生物", "类脑科技"),
        ("打造“哈尔滨红肠文化节”品牌活动", "有哈尔滨红肠文化节", "有文化旅游大集"),
        ("2024年完成12.5亿元", "完成12.5亿元", "2024年完成2.5亿元"),
    ],
)
def test_figures_hedges_and_key_strings_are_taken_from_an_answer(reference: str, right: str, wrong: str) -> None:
    question = GoldQuestion("1", "问", answer=reference, must_include=requirements(reference))
    assert answer_right(question, _answer(right)) == 1
    assert answer_right(question, _answer(wrong)) == 0


figures = st.builds(
    "{}{}{}{}{}".format,
    st.sampled_from(("增长", "完成", "预计完成约", "力争达到", "不低于", "建设", "")),
    st.decimals(0, 99999, places=1).map(lambda number: f"{number:f}") | st.integers(0, 10**9).map("{:,}".format),
    st.sampled_from(("", "万", "亿")),
    st.sampled_from(("元", "户", "%", "个百分点", "公里", "亩", "人次", "")),
    st.sampled_from(("", "左右", "以上", "以内")),
)


@given(
    st.lists(figures | st.sampled_from(("翻一番", "百分之五", "三成", "“红肠文化节”", "2024年")), max_size=4).map(
        "；".join
    )
)
def test_an_answer_fulfils_what_is_taken_from_it(answer: str) -> None:
    question = GoldQuestion("1", "问", answer=answer, must_include=requirements(answer), kind="explain")
    assert answer_right(question, _answer(answer)) in (1, None)


@pytest.mark.parametrize(
    "answer", ["无法回答。", "报告没有提到这一项。", "资料库未收录香坊区的报告", "报告中没有给出同比增速,无法回答。"]
)
def test_an_answer_that_says_the_reports_do_not_tell_makes_a_question_to_be_refused(
    tmp_path: Path, answer: str
) -> None:
    question = _only(load_gold([_written(tmp_path / "g.csv", "问题,答案", f'问,"{answer}"')]))
    assert question.kind == "unanswerable"
    assert answer_right(question, _answer("没有收录", verdict="not_covered")) == 1


def test_a_long_answer_without_figures_or_names_requires_nothing_by_itself() -> None:
    assert requirements("坚持把发展经济的着力点放在实体经济上，推动产业结构不断优化，持续改善营商环境和民生。") == ()


# BEIR


def _beir(folder: Path, qrels: str, corpus: list[dict[str, str]] | None = None) -> Path:
    (folder / "qrels").mkdir(parents=True)
    _written(folder / "queries.jsonl", {"_id": "q1", "text": "松北GDP目标"}, {"_id": "q2", "text": "道里社零"}, "{bad")
    _written(folder / "corpus.jsonl", *(corpus or []))
    (folder / "qrels" / "test.tsv").write_text(qrels)
    return folder


def _line(rank: int, paragraph: str, text: str = "别的") -> Retrieved:
    return Retrieved(rank, 1.0 / rank, paragraph, text, SONGBEI)


def test_a_beir_folder_gives_questions_for_retrieval_alone(tmp_path: Path) -> None:
    qrels = "query-id\tcorpus-id\tscore\nq1\td1\t2\nq1\td2\t1\nq1\td3\t0\nq2\td1\tx\nq3\td1\t1\n"
    corpus = [{"_id": "d1", "title": "", "text": "地区生产总值增长5.5%"}, {"_id": "d9", "text": "无关"}]
    gold = load_gold([_beir(tmp_path / "beir", qrels, corpus)])
    (question,) = gold.questions
    assert (question.id, question.question) == ("q1", "松北GDP目标")
    assert question.relevant == {"d1": 2, "d2": 1, "d3": 0}
    assert question.evidence == (Quote("地区生产总值增长5.5%", "d1"),)
    assert [(problem.path, problem.line) for problem in gold.problems] == [
        ("qrels/test.tsv", 5), ("queries.jsonl", 3), ("queries.jsonl", 0)
    ]  # fmt: skip
    assert answer_right(question, _answer("5.5%")) is None


def test_a_qrels_of_trec_with_four_columns_is_read_too(tmp_path: Path) -> None:
    gold = load_gold([_beir(tmp_path / "beir", "q1 0 d1 1\nq2 0 d2 1\n")])
    assert [question.relevant for question in gold.questions] == [{"d1": 1}, {"d2": 1}]


def test_a_document_is_met_by_paragraph_by_report_or_by_its_text(tmp_path: Path) -> None:
    qrels = "q1\tp-1-0\t1\nq1\td1\t1\nq1\td2\t1\nq2\t8ed70c806e0b4433\t1\n"
    corpus = [{"_id": "d1", "text": "主要预期目标是：地区生产总值增长5.5%"}]
    first, second = load_gold([_beir(tmp_path / "beir", qrels, corpus)]).questions
    lines = (_line(1, "p-1-7"), _line(2, "p-1-0"), _line(3, "p-1-4", "地区生产总值增长 5.5%"))
    answer = _answer("", retrieved=lines)
    assert dict(zip(first.relevant or {}, ranks_of_needed(first, answer), strict=True)) == {
        "p-1-0": 2, "d1": 3, "d2": None
    }  # fmt: skip
    assert ranks_of_needed(second, answer) == (1,)


@pytest.mark.parametrize("missing", ["queries.jsonl", "qrels/test.tsv"])
def test_a_folder_that_lacks_a_part_is_refused_with_its_name(tmp_path: Path, missing: str) -> None:
    folder = _beir(tmp_path / "beir", "q1\td1\t1\n")
    (folder / missing).unlink()
    with pytest.raises(NotAGoldFile, match=r"缺少"):
        load_gold([folder])
