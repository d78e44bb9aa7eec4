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
    "推广“蓝天通”应用，让群众办事更加方便。举办第五届农机博览会，签约项目40个、总投资300亿元。上市公司总数达12家。",
    "新增床位650张，新开工口袋公园30个，建设高标准农田15万亩。出栏生猪800万头。开工建设文化中心。"
    "新增上市公司5家。一般公共预算收入增长8%以上。高新技术企业达到60家。科技型中小企业净增200家，培育瞪羚企业40家。"
    "\n\n加快建设低空经济试验区，规划通用机场。组建种业联盟，新增种业基金30亿元。",
    "回顾一年，我们也清醒认识到：经济恢复的基础还不牢固；产业层级不高，创新能力不强。我们将直面挑战，加以解决。",
)
SECOND = (
    "国家级创新平台新增36家、达305家。城乡低保标准分别提高到840元和700元。全年接待游客8680万人次、增长16.4%，旅游收入1481亿元、增长22.3%。"
    "新能源汽车产量10.7万辆，增长77%。村级公路通达率95%。新增床位732张，生产原煤300万吨，建成口袋公园57个，建成高标准农田10.2万亩。出栏生猪780万头。"
    "刑事案件下降33.7%。新增上市公司2家、总数达14家。进出口总额突破1000亿元，增长9.4%、全省第二。尽管固定资产投资未实现年初确定目标，但结构更优。"
    "“断头路”攻坚全部完成，城市轨道交通1号线开通运营、2号线开工建设，城北大桥加快建设。云岭洞成功创建国家4A级旅游景区。"
    "开工建设商品房100万平方米、销售52万平方米。新签约超5亿元内资项目39个、超3000万美元外资项目9个。一般公共预算收入增长11%。"
    "城镇、农村居民人均可支配收入分别达到59605元、30819元，增长4%、5.8%。贷款余额达到822亿元。高新技术企业达到48家。"
    "固定资产投资保持全省前列。"
    "举办第六届农机博览会，签约项目54个、总投资410亿元。鹤淮高铁全线开工。开发区工业总产值突破千亿大关，全市工业总产值2600亿元。"
    "\n\n推动民生“三位”扩量提质。扩大就业岗位，新增就业3.87万人；增加幼儿托位，新增托位1600个；优化学生学位，新增学位1170个。"
    "\n\n教育品牌更加闪亮。新建学校6所，新增学位3550个。组建职业学院，设立专业12个。师资建设深入推进，评选名师20名。"
    "\n\n用心守护一城清秀。打好蓝天保卫战，空气质量优良率达90%。关停沿河小作坊46家，岸线复绿30公里。入选国家海绵城市。改造污水管网88公里，水质全面达标。"
    "\n\n城乡面貌持续改善。完善城市功能，新增绿地90公顷，新增停车泊位2800个，改造背街小巷120条，整治积水点位36处，打通梨园路、松林路、云杉路等瓶颈路，新建管网70公里。"
    "至此，全市5.2万建档立卡贫困人口全部脱贫，30个贫困村全部出列。南山县连续3年入选全国百强县。建成全省首个数字农场。规上工业营业收入跃升至全省第二。"
    "\n\n社会大局平安稳定。严守耕地红线。偿还到期债务20亿元。公安机关破获命案12起。电信网络诈骗发案下降18%。毒情治理成效明显。",
    "高新技术企业达到66家。构建综合交通网络。加快津海高铁建设，建成两座站房。实施5项国省道提升工程，完成路基七成。开工建设无人机飞行基地，完善航空服务。"
    "\n\n推进健康养老。建成嵌入式养老机构11个，新增助餐点70个。优化托育服务体系，新增普惠托位900个。"
    "\n\n推动国有企业做强。开展瘦身健体专项行动，清理一批企业。开展能力提升专项行动，引育一批人才。开展风险防控专项行动，强化监管。"
    "\n\n我们将落实“四干”要求，建设实干型政府。忠诚干，坚定信念。务实干，减轻基层负担。担当干，解决问题。廉洁干，过紧日子。"
    "\n\n全市上下按照“136”总体思路推进。“1”就是守住一条底线，保障安全。“3”就是建强三个园区，做大产业。“6”就是办好六件实事，惠及群众。"
    "\n\n上述目标的确定，主要基于以下考虑：一是发展有支撑。\n\n二是政策有机遇。\n\n三是全省有期待。"
    "\n\n扩大种业联盟，新增种业基金50亿元。做好防汛抗旱，打赢“春旱”“夏涝”两场硬仗，保住粮食丰收。"
    "\n\n合力培育三大产业链。创新实施链长制，加快新材料、新能源、生物医药的强链聚群。"
    "\n\n围绕文旅强市，聚力实施三大工程。实施古城复兴工程，修缮老街5条。带动沿街店铺开业。实施“百馆千场”惠民工程，办好演出200场。实施景区焕新工程，新增床位1200张。"
    "\n\n推进教育科技人才协同发展。聚焦育才，统筹办学、攻关、引智。坚持教育优先发展。新建幼儿园8所。巩固“双减”成果。办好职教集团，共建实训基地6个。增强科技创新能力。组建重点实验室3家，引进研发团队10个。加快人才队伍建设。引进博士60名。"
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
        # a section whole, and nothing of the next; each point whole
        ("鹤壁2024年环保干得怎么样", ("90%", "小作坊46家，岸线复绿30公里", "海绵城市", "水质全面达标"), ("耕地",)),
        ("鹤壁2024年治安怎么样", ("命案12起", "诈骗发案下降18%", "毒情治理"), ("债务", "耕地")),
        ("鹤壁2025年科技方面有什么打算", ("重点实验室3家，引进研发团队10个",), ("幼儿园", "博士", "职教")),
        ("鹤壁2025年教育有什么打算", ("幼儿园8所", "双减", "实训基地6个"), ("实验室", "博士")),
        ("鹤壁2025年文旅强市的三大工程是哪三个", ("古城复兴", "百馆千场", "景区焕新工程，新增床位1200张"), ("店铺",)),
        ("鹤壁2024年那份报告是怎么检讨的", ("基础还不牢固", "产业层级不高"), ("直面挑战",)),
        ("鹤壁2025年防汛抗旱这块怎么安排", ("打赢“春旱”“夏涝”两场硬仗",), ()),
        # so many more are asked for as an amount
        ("鹤壁2024年科技型中小企业打算净增几家", ("净增200家",), ("瞪羚",)),
        # who, where, in one line
        ("鹤壁这份报告是谁作的，哪天在什么会上", ("市长王小明", "2025年1月6日，在鹤壁市"), ("——", "（")),
        ("鹤壁2025年国企改革搞哪几个专项行动", ("瘦身健体", "能力提升", "风险防控"), ()),
        ("鹤壁要落实的“四干”是哪四干", ("忠诚干", "务实干", "担当干", "廉洁干"), ()),
        ("鹤壁2025年的三大产业链具体是哪三条", ("新材料、新能源、生物医药",), ()),
        ("鹤壁为啥把2025年增长目标定到6%左右 当时咋考虑的", ("发展有支撑", "政策有机遇", "全省有期待"), ()),
        ("鹤壁高铁现在修得咋样了", ("鹤淮高铁全线开工",), ()),
        ("鹤壁2024年固投目标达到没有", ("未实现年初确定目标",), ()),
        # a claim is borne out or not
        ("听说鹤壁2024年刑事案件少了三成多，真的假的", ("是的", "33.7%"), ()),
        ("鹤壁24年新增了5家上市公司对吧", ("不是", "2家"), ()),
        ("鹤壁外贸去年破千亿了是不是 2024年", ("是的",), ()),
        ("听人说鹤壁2024年进出口连1000亿都没到，是真的吗", ("不是",), ()),
        ("鹤壁2024年外贸增长9.4%，全省排头名，这个说法属实吗", ("不是", "第二"), ()),
        ("鹤壁云岭洞2024年评上4A景区了，麻烦核实一下是不是", ("是的", "云岭洞"), ()),
        ("鹤壁地铁1号线2024年开了吧", ("是的", "1号线"), ()),
        ("鹤壁地铁2号线2024年开通了吧", ("不能直接判断", "2号线"), ("是的", "不是。")),
        ("听说鹤壁断头路攻坚到24年底还没弄完 是真的吗", ("不是。", "全部完成"), ("是的", "无从查起")),
        ("鹤壁城北大桥24年建成了对吧", ("没有查到写明已经建成的内容", "加快建设"), ("是的", "不是。")),
        ("同事说鹤壁2024年商品房卖掉了80万平方米，这个数对不对", ("不是。", "销售52万平方米"), ()),
        ("鹤壁2024年卖了52万平方米商品房，对吧", ("是的", "销售52万平方米"), ()),
        ("听说24年鹤壁5亿以上的内资项目签满40个了，是不是", ("不是。", "39个"), ()),
        ("鹤壁的南山县连着三年进全国百强县，真的吗", ("是的", "连续3年"), ()),
        ("鹤壁的南山县连着五年进全国百强县，真的吗", ("连续3年",), ("是的",)),
        ("听说鹤壁2024年建成的数字农场是全省头一个，是不是这样", ("是的", "全省首个"), ()),
        ("听说鹤壁2024年建成的数字农场是全国头一个，是不是这样", ("全省首个",), ("是的",)),
        ("有人说鹤壁2024年规上工业营收已经排到全省第一了，这个说法对吗", ("不是。", "全省第二"), ()),
        # of a long sentence the clause that has the row, of several figures the one that counts people
        ("鹤壁2024年打通了哪几条瓶颈路", ("梨园路、松林路、云杉路",), ("绿地", "管网")),
        ("鹤壁2024年脱贫攻坚一共脱了多少人", ("5.2万",), ()),
        ("鹤壁的“136”到底指什么，想写进稿子里", ("守住一条底线", "三个园区", "六件实事"), ()),
        # each that is asked is told, or said not to be
        (
            "鹤壁24年城里人和农村人收入各多少，分别涨几个点",
            ("59605元", "30819元", "增长4%", "增长5.8%"),
            (),
        ),
        ("24年鹤壁财政收入原来定涨多少 后来涨了多少", ("目标8%以上", "11%"), ()),
        ("鹤壁2024年底高新技术企业有多少家，2025年要发展到多少家", ("48家", "66家"), ("没有查到",)),
        ("鹤壁2024年财政收入多少亿，增长多少", ("的数额：没有查到", "11%"), ()),
        ("鹤壁2024年挖了多少煤", ("300万吨",), ("亩",)),  # one character is all that is named
        # near answers are called what they are
        ("鹤壁2024年小微企业的贷款余额是多少", ("没有查到单说“小微”的数字", "822亿元"), ()),
        ("鹤壁24年固定资产投资具体增长百分之几", ("没有查到具体的数字", "全省前列"), ()),
        # the time that is meant
        ("鹤壁上市公司一共多少家了要最新数", ("14家",), ("12家",)),
        ("第五届农机博览会鹤壁签了多少个项目", ("40个",), ("54个",)),
        # what is said around a question
        ("网上说鹤壁2024年刑事案件下降33.7%，对吗", ("是的",), ("网上",)),
        ("我做餐饮的 鹤壁2024年接待游客多少", ("8680万人次",), ()),
        ("刚调来写材料，好多词都生疏，想麻烦您说下鹤壁2024年新增床位多少张，局里想在讲话里提一嘴", ("732张",), ()),
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
        ("鹤壁2024年教育这块干了些啥", "那2025年打算咋弄", "幼儿园8所"),
        ("鹤壁今年旅游收入打算做到多少", "前一年实际完成了多少", "1481亿元"),
        ("鹤壁2025年GDP增长目标是多少", "那24年定的呢", "6%左右"),
        ("鹤壁2024年接待游客多少", "23年旅游收入多少", "1039亿元"),
        # a new subject is of the time spoken of, where that tells as much of it
        ("鹤壁2024年高新技术企业的目标是多少家", "种业基金要新增多少亿", "30亿元"),
        ("鹤壁2025年高新技术企业的目标是多少家", "种业基金要新增多少亿", "50亿元"),
        ("鹤壁2023年旅游收入多少", "明白了，那到了2024年，这个数又变成多少了呢，我想写个对比句", "1481亿元"),
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


@pytest.mark.parametrize("question", ["鹤壁2024年打了多少枪", "鹤壁2024年末常住总人口多少万"])
def test_no_figure_answers_for_a_thing_that_nothing_tells_of(asked: Assistant, question: str) -> None:
    answer = asked.ask(question)
    assert answer.verdict == "not_covered", answer.answer
    assert answer.figures == ()


def test_what_follows_is_of_the_place_that_was_told(asked: Assistant) -> None:
    first = asked.ask("2024年出栏生猪多少万头")
    assert first.standalone == "鹤壁市2024年出栏生猪多少万头"
    then = asked.ask("那高标准农田建了多少亩", [Turn(first.standalone)])
    assert "10.2万亩" in then.answer
    assert then.citations[0].report.region == "鹤壁市"


def test_whoever_is_asked_back_is_offered_the_own_words(asked: Assistant) -> None:
    answer = asked.ask("2025年gdp要涨多少，目标数")
    assert answer.verdict == "needs_clarification"
    assert "鹤壁市2025年gdp要涨多少，目标数" in answer.suggestions


@pytest.mark.parametrize(
    "question",
    ["报告自己认了哪些毛病", "总结一下2025年的政府工作报告"],
)
def test_what_every_report_tells_is_told_of_the_place_that_is_meant(asked: Assistant, question: str) -> None:
    answer = asked.ask(question)
    assert answer.verdict == "needs_clarification"
    assert {"鹤壁市", "松北区"} <= {one[:3] for one in answer.suggestions}
