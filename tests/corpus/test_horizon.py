from __future__ import annotations

from assistant.corpus.horizon import annotate
from assistant.types import Paragraph, Report

REPORT = Report("r", "2020年嘉山市政府工作报告", "嘉山市", 2020, delivered="2020-04-28", kind="政府工作报告")


def _paragraphs(*rows: tuple[tuple[str, ...], str]) -> list[Paragraph]:
    return [Paragraph(f"r-{n}", "r", n, headings, text) for n, (headings, text) in enumerate(rows)]


def test_what_is_told_of_the_months_before_the_report_is_no_plan() -> None:
    review, account = annotate(
        _paragraphs(
            (("一、2019年工作回顾",), "2019年，全市地区生产总值增长7%。"),
            (("一、2019年工作回顾",), "各位代表，进入2020年，我们经受了疫情考验，组织104名医护人员驰援湖北。"),
        ),
        REPORT,
    )
    assert (review.period and review.period.first, review.role) == (2019, "actual")
    assert (account.period and account.period.first, account.role) == (2020, "actual")


def test_a_review_of_five_years_that_turns_to_the_last_one_at_a_paragraph_s_end() -> None:
    five, one, plan = annotate(
        _paragraphs(
            (("一、过去五年工作回顾",), "过去五年，我们干成了许多大事要事。特别是2019年，我们攻坚克难，取得了新成绩。"),
            (("一、过去五年工作回顾", "一是经济稳中向好"), "一是经济稳中向好。固定资产投资增长22.1%。"),
            (("二、2020年工作安排",), "固定资产投资增长10%，特别是工业投资。"),
        ),
        REPORT,
    )
    assert five.period is not None
    assert (five.period.label, five.role) == ("过去五年", "actual")
    assert one.period is not None
    assert (one.period.first, one.period.last, one.role) == (2019, 2019, "actual")
    assert plan.period is not None
    assert (plan.period.first, plan.role) == (2020, "target")


def test_this_year_in_a_review_that_was_written_before_the_year_was_over_is_the_year_reviewed() -> None:
    _, account, plan = annotate(
        _paragraphs(
            (("一、2019年工作回顾",), "2019年极不平凡。"),
            (("一、2019年工作回顾",), "今年的工作是在形势复杂严峻的环境中开展的。城镇新增就业15.1万人。"),
            (("一、2019年工作回顾",), "今年，我们要重点做好五件事。"),
        ),
        REPORT,
    )
    assert (account.period and account.period.first, account.role) == (2019, "actual")
    assert (plan.period and plan.period.first, plan.role) == (2020, "target")


def test_an_entry_of_the_glossary_is_of_no_time_whatever_it_is_called() -> None:
    plan, first, second = annotate(
        _paragraphs(
            (("二、2020年工作安排",), "今年，全市地区生产总值增长6%。"),
            (("名词解释", "省委“1+1+9”工作部署"), "1.省委“1+1+9”工作部署：指九项重点任务。"),
            (("名词解释", "“六纵三横”"), "2.“六纵三横”：指九条快速路。"),
        ),
        REPORT,
    )
    assert plan.role == "target"
    assert (first.role, second.role) == (None, None)
