"""Words of a question: segmentation with jieba, and which words carry no content in a question."""

from __future__ import annotations

import logging
import re
import sys
from collections.abc import Iterable
from functools import cache

from assistant.language.lexicon import Lexicon

_STOP = re.compile(
    r"^(?:[的了着过呢吗吧呀啊么嘛哦把被给在从到跟与和及或也都就还又全才要想将会能可是有没不这那里上中下其每各由于对向为以之所则且]"
    r"|请问|请|帮我|帮忙|查查|查一下|看看|一下|问问|说说|说|讲讲|告诉|知道|想知道|列出|列举|简单|简要|具体|详细|介绍|谈谈|概括|总结"
    r"|多少|几|几个|多大|多长|多高|多久|什么|啥|哪|哪些|哪个|哪几|哪里|哪儿|哪家|哪所|哪项|哪位|哪次|哪年|哪天|谁|怎么|怎样|怎么样|如何|咋|咋样"
    r"|为什么|为啥|为何|何时|何|什么样|啥样|什么时候|是否|有没有|是不是|能否|可以|应该|需要|打算|准备|想要|希望|计划|规划|预计|预期|力争"
    r"|目标|任务|完成|实现|达到|做到|干到|实际|目前|现在|已经|已|曾|一共|总共|共|合计|总计|累计|大概|大约|约|左右|到底|究竟|分别|各自|各"
    r"|这个|那个|这些|那些|这份|那份|那边|这边|那|它|他|她|我|我们|你|你们|自己|咱们|里面|里边|其中|当中|之间|方面|方|情况|事|事情|时候|时"
    r"|报告|政府工作报告|工作报告|资料|材料|提到|提出|说到|写|写明|讲|指|指的|指什么|意思|含义|叫|叫做|叫什么|称为|定义|解释"
    r"|今年|去年|明年|前年|全年|年度|年|月|日|年内|期间|以来|之后|之前|以后|后|前|区|市|全区|全市|本区|我区|新"
    r"|个|家|户|所|条|项|处|名|人|位|座|栋|种|样|样子|次|届|亿|万|元|亿元|万元|钱|公里|米|亩|平|件|辆|台|套|张|场|点|几点|个点|百分之|百分点|个百分点"
    r"|进行|得|来|去|做|搞成|弄|用|让|使|跟着|关于|有关|相关|以及|还有|包括|哪几个|哪几项|比|更|最|很|挺|蛮|太|非常|主要|重点|总|整|整个|全部|所有|一些|一个|一种|那儿|总的|大|小|多|少"
    r"|类型|种类|取得|成绩|成就|成效|进展|起来|出来|下去|下来|涉及|包含|属于|带来|组成|回事|数|数量|做到|怎么办|相关|哪些个|干嘛|干什么|办法|路子|走|靠|拿|当|块|跟谁|和谁|个数|金额|数字|数据|水平|程度|占|达|定|定的|定得|份|几份|年份|几年|哪一年|想要|名字|名称|谁家|什么地方|要求|思路|同年|同期|同样|比较|对比|相比|比一比|一下|表述|品种|这块|那块|这类|那类|那套|那次|是否|一致|地方|方式|什么意思|啥意思)$"
)


_LONGEST_WORD = 4
_JOINING = ("c", "p", "u", "y", "e", "o")
_POINTING = "这那哪某啥咋有他它她别其每各"
"""How pronouns begin; the dictionary takes 本科 and 我国 for pronouns, too."""


class Segmenter:
    """Cuts a question into words; the genre's words stay whole."""

    def __init__(self, own_words: Iterable[str]) -> None:
        import jieba  # a second of dictionary loading that `--help` need not pay

        jieba.setLogLevel(logging.WARNING)
        self._names: dict[str, bool] = {}
        self._tokenizer = jieba.Tokenizer()
        for word in own_words:
            if len(word) > 1:
                self._tokenizer.add_word(word, freq=100_000)

    def cut(self, text: str) -> list[str]:
        words: list[str] = self._tokenizer.lcut(text)
        return words

    def is_name(self, word: str) -> bool:
        """Whether a word names a thing, by the part of speech in jieba's dictionary; longer unknown words do too."""
        if word not in self._names:
            self._names[word] = self._names_a_thing(word)
        return self._names[word]

    def _names_a_thing(self, word: str) -> bool:
        if word[:1].isdigit() or word.isascii():
            return True
        part = self.part_of_speech(word)
        return part[:1] in ("n", "j") if part else len(word) >= 3

    def is_short_noun(self, word: str) -> bool:
        """Whether a word of one character names a thing, and is none of those that carry no content: 煤, 路."""
        return len(word) == 1 and carries_content(word) and self.part_of_speech(word) == "n"

    def only_joins(self, word: str) -> bool:
        """Whether a word only points or joins and names nothing, by the part of speech in jieba's dictionary: 这么, 有些, 由于."""
        part = self.part_of_speech(word)
        return part[:1] in _JOINING or (part[:1] == "r" and word[0] in _POINTING)

    def may_name(self, word: str) -> bool:
        """Whether a word is a noun or a name, or none that jieba's dictionary has."""
        return self.part_of_speech(word)[:1] in ("n", "j", "l", "i", "")

    def part_of_speech(self, word: str) -> str:
        """The tag of a word in jieba's dictionary, n… for nouns and v… for verbs; empty for a word that is not in it."""
        return _parts_of_speech().get(word, "")


@cache
def _parts_of_speech() -> dict[str, str]:
    """The tag of each word of jieba's dictionary, read without jieba's own tagger, which takes a second to load."""
    import jieba

    with jieba.dt.get_dict_file() as file:
        rows = (line.split(" ") for line in file.read().decode("utf-8").splitlines())
        return {row[0]: sys.intern(row[2]) for row in rows if len(row) == 3}


def opens_with_a_verb(text: str) -> bool:
    """Whether the longest word of the dictionary that opens a text is a verb, or says how something is done: 开办|全省首家专门学校."""
    words = (text[:end] for end in range(_LONGEST_WORD, 1, -1) if text[:end] in _parts_of_speech())
    return _parts_of_speech().get(next(words, "")) in ("v", "d", "vd", "ad")


def ends_with_a_noun(text: str) -> bool:
    """Whether the last two characters of a text are a noun: 开办全省首家专门|学校."""
    return _parts_of_speech().get(text[-2:], "").startswith("n")


def words_of(lexicon: Lexicon) -> set[str]:
    """Return the words that a segmenter keeps whole: the names of indicators and matters, and synonyms."""
    names = {word for one in lexicon.indicators.values() for word in (*one.written, *one.asked)}
    return names | set(lexicon.synonyms) | set(lexicon.matters)


def carries_content(word: str) -> bool:
    """Whether a word of a question says what is asked about, rather than that something is asked."""
    return bool(re.search(r"[\w]", word)) and not _STOP.match(word)
