"""Questions in people's own words, of hand-made reports beside the seeds: real store, real model."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from assistant import Assistant, open_assistant
from assistant.types import Turn
from tests.homes import copied
from tests.panel.places import REST

HEAD = (
    "# {place}政府工作报告\n\n——{year}年1月6日在{place}第十届人民代表大会第四次会议上\n\n市长 王 小明\n\n各位代表：\n\n"
)
REVIEW = "\n\n一、{before}年工作回顾\n\n"
PLAN = "\n\n二、{year}年工作安排\n\n{year}年经济社会发展的主要预期目标是：地区生产总值增长6%左右。\n\n"

FIRST = (
    "国家级创新平台新增49家、达225家。城乡低保标准分别提高到700元和500元。旅游收入1039亿元。村级公路通达率92%。"
    "推广“蓝天通”应用，让群众办事更加方便。",
    "新增床位650张，新开工口袋公园30个，建设高标准农田15万亩。出栏生猪800万头。开工建设文化中心。"
    "\n\n加快建设低空经济试验区，规划通用机场。",
)
SECOND = (
    "国家级创新平台新增36家、达305家。城乡低保标准分别提高到840元和700元。全年接待游客8680万人次、增长16.4%，旅游收入1481亿元、增长22.3%。"
    "新能源汽车产量10.7万辆，增长77%。村级公路通达率95%。新增床位732张，建成口袋公园57个，建成高标准农田10.2万亩。出栏生猪780万头。"
    "\n\n推动民生“三位”扩量提质。扩大就业岗位，新增就业3.87万人；增加幼儿托位，新增托位1600个；优化学生学位，新增学位1170个。"
    "\n\n教育品牌更加闪亮。新建学校6所，新增学位3550个。组建职业学院，设立专业12个。师资建设深入推进，评选名师20名。",
    "构建综合交通网络。加快津海高铁建设，建成两座站房。实施5项国省道提升工程，完成路基七成。开工建设无人机飞行基地，完善航空服务。"
    "\n\n推进健康养老。建成嵌入式养老机构11个，新增助餐点70个。优化托育服务体系，新增普惠托位900个。"
    "\n\n实施四大制造业项目：城东轮胎项目。城西碳酸锂项目。城南皮具家居项目。城北智能电机项目。",
    "我们也清醒看到，发展中还存在一些问题和不足：一是产业结构不优，财政收入下滑。原因既有周期性影响，又有政策性影响。"
    "\n\n二是历史欠账不少。\n\n三是县域经济不强。",
)


def _report(year: int, review: str, plan: str, problems: str = "") -> str:
    head = HEAD.format(place="鹤壁市", year=year)
    tail = f"\n\n{problems}" if problems else ""
    return head + REVIEW.format(before=year - 1) + review + tail + PLAN.format(year=year) + plan + "\n\n" + REST * 8


@pytest.fixture(scope="module")
def asked(seeded_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Assistant]:
    """Give an assistant that holds two reports of 鹤壁市 beside the seeds."""
    home = copied(seeded_home, tmp_path_factory.mktemp("home") / "copy")
    files = tmp_path_factory.mktemp("files")
    (files / "鹤壁市2024年政府工作报告.md").write_text(_report(2024, *FIRST), "utf-8")
    (files / "鹤壁市2025年政府工作报告.md").write_text(_report(2025, *SECOND), "utf-8")
    assistant = open_assistant(home=home)
    outcomes = assistant.ingest([files])
    assert [outcome.status for outcome in outcomes] == ["added", "added"]
    yield assistant
    assistant.close()


@pytest.mark.parametrize(
    ("question", "holds", "lacks"),
    [
        # a goal and what came of it
        ("鹤壁2024年说要新增650张床位，加够了没", ("目标650张", "实际732张", "完成，多82张"), ()),
        ("鹤壁2024年高标准农田计划多少亩 实际建成多少", ("目标15万亩", "实际10.2万亩", "未完成"), ()),
        (
            "鹤壁2024年原计划新开工多少个口袋公园，最后建成多少",
            ("新开工口袋公园30个", "建成口袋公园57个"),
            ("完成，", "未完成"),
        ),
        ("鹤壁说2024年要出栏800万头猪，做到了吗", ("目标800万头", "实际780万头"), ("是的",)),
        ("鹤壁2025年GDP目标完成了吗", ("没有收录鹤壁市2026年的报告",), ("实际",)),
        # two years, two numbers
        ("鹤壁国家级创新平台23、24两年对比", ("达225家", "达305家", "多80家"), ()),
        ("鹤壁城乡低保标准2023年和2024年各是多少", ("700元和500元", "840元和700元"), ("比较",)),
        ("鹤壁旅游收入从2023到2024涨了多少", ("1039亿元", "1481亿元", "多442亿元"), ()),
        ("鹤壁去年来了多少游客 一共花了多少钱", ("8680万人次", "1481亿元"), ()),
        ("2024年鹤壁新能源汽车产了多少辆 比上年多多少", ("10.7万辆", "77%"), ()),
        # matters and lists
        ("鹤壁2024年教育这块干了些啥", ("新建学校6所", "组建职业学院", "评选名师20名"), ("床位",)),
        ("鹤壁2025年交通有哪些大工程要推", ("津海高铁", "国省道", "飞行基地"), ("养老",)),
        ("鹤壁今年在养老和带娃这块准备做哪些事", ("养老机构11个", "普惠托位900个"), ()),
        ("鹤壁2025年的四大制造业项目是哪四个", ("城东轮胎", "城西碳酸锂", "城南皮具", "城北智能电机"), ()),
        ("鹤壁说的民生三位是哪三位", ("就业岗位", "幼儿托位", "学生学位"), ()),
        ("鹤壁最新报告讲了哪些问题短板", ("产业结构不优", "历史欠账", "县域经济"), ()),
        ("鹤壁财政收入下滑啥原因", ("周期性影响",), ()),
        ("鹤壁低空经济有什么动作", ("飞行基地",), ("试验区",)),  # the newest report speaks first
        # who, where, in one line
        ("鹤壁这份报告是谁作的，哪天在什么会上", ("市长王小明", "2025年1月6日，在鹤壁市"), ("——", "（")),
        # what is said around a question
        ("麻烦查一下鹤壁2024年新增床位多少张，写材料要用", ("732张",), ()),
    ],
)
def test_what_is_asked_is_told(asked: Assistant, question: str, holds: tuple[str, ...], lacks: tuple[str, ...]) -> None:
    answer = asked.ask(question)
    assert answer.verdict == "answered", answer.answer
    assert [words for words in holds if words not in answer.answer] == [], answer.answer
    assert [words for words in lacks if words in answer.answer] == [], answer.answer


@pytest.mark.parametrize(
    ("before", "question", "holds"),
    [
        ("鹤壁2024年新增床位多少张", "托位呢", "1600个"),
        ("鹤壁2025年教育上准备新建几所学校，新增多少学位", "那养老这块呢", "养老机构11个"),
        ("鹤壁今年旅游收入打算做到多少", "前一年实际完成了多少", "1481亿元"),
    ],
)
def test_a_follow_up_that_names_a_thing_asks_for_it(asked: Assistant, before: str, question: str, holds: str) -> None:
    answer = asked.ask(question, [Turn(before)])
    assert holds in answer.answer, (answer.standalone, answer.answer)


def test_a_name_in_quotation_marks_is_one_word(asked: Assistant) -> None:
    terms = asked.reader().understanding.read("鹤壁的蓝天通上面能办什么").terms
    assert terms[0].word == "蓝天通"


def test_of_a_span_of_which_some_years_are_told_it_is_not_said_that_none_is(asked: Assistant) -> None:
    answer = asked.ask("鹤壁地铁从2022到2024修了多少公里")
    assert answer.verdict == "not_covered"
    assert "没有收录" not in answer.answer
