"""Words in a report that speak to a language model rather than to people."""

from __future__ import annotations

import re
from functools import lru_cache

from assistant.language.folding import fold
from assistant.language.sentences import Span, sentences

_ORDERS = re.compile(
    r"(?:忽略|无视|忘记|忘掉|不要理会|不必遵守|跳过|抛开|覆盖)[^。！？\n]{0,16}(?:指令|指示|提示|规则|设定|设置|要求|约束|限制|资料|内容|说明|命令|前文|上文)"
    r"|(?:取消|作废)[^。！？\n]{0,8}(?:指令|提示词|命令)|(?:指令|提示词|规则)(?:全部)?作废"
    r"|(?:以上|上述|之前|前面|先前)[^。\n]{0,8}(?:指令|提示词?|规则|命令)"
    r"|(?:系统|开发者|管理员|超级用户|最高权限)(?:消息|提示词?|指令|命令|通知|备注|权限)[:：]?"
    r"|(?:大|语言|AI|人工智能)(?:模型|助手|助理)[^。\n]{0,10}(?:请|必须|应当|需要|务必|注意|要)|(?:致|写给|给)(?:阅读|处理|回答)?[^。\n]{0,6}(?:AI|模型|机器人|助手)"
    r"|你(?:现在)?(?:是|将|要|必须|应该|需要|只能)[^。\n]{0,20}(?:助手|模型|机器人|AI|角色|扮演|回答|输出|回复)|从现在(?:开始|起)[^。\n]{0,12}你"
    r"|(?:请|务必|必须|只能|只需|直接)[^。\n]{0,10}(?:输出|回答|回复|打印|复述|重复|写出|说出|附上|插入|引用)[^。\n]{0,6}[:：“\"'‘A-Za-z0-9<\[]"
    r"|(?:回答|输出|回复)(?:任何)?(?:问题|时|里|中)[^。\n]{0,10}(?:时|都|必须|一律|请|务必|加上|写)|无论(?:问|用户)[^。\n]{0,12}(?:都|均|一律)"
    r"|用户(?:问|提问|要求|输入)[^。\n]{0,14}(?:时|就|则|请|一律)|正确答案(?:是|为|应|改)|标准答案(?:是|为|应)"
    r"|提示词|越狱|系统提示|角色扮演|你(?:现在)?扮演|(?:如果|假如|只要)你(?:能)?(?:回答|输出|回复|说|写)|你的(?:回答|答案|输出|回复)"
    r"|(?:^|[\n。；])(?:输出|打印|复述|回复)(?!.{0,3}(?:劳务|技术|人才|资本|管理|产品|农民工))"
    r"|请?记住[^。\n]{0,8}[:：“]"
)
_ENGLISH = re.compile(
    r"ignore\b.{0,30}\b(?:instruction|previous|above|prompt|rule)|disregard\b|forget (?:all|everything|your|the)\b|system ?(?:prompt|message|:)"
    r"|you are (?:now|an?)\b|(?:assistant|system|user|developer)\s*[:：]|\bas an ai\b|\bjailbreak|\bdo anything now|\bnew instructions?\b|override\b"
    r"|(?:please |must |always |only )(?:answer|output|reply|respond|print|say|repeat)|\b(?:answer|output|reply|respond|print|repeat) (?:with|only|exactly|the following)"
    r"|begin (?:system|instructions?)|end of (?:document|context|passage)",
    re.IGNORECASE,
)
_TOKENS = re.compile(
    r"<\|[^|>\n]{1,40}\|>|\[/?INST\]|<</?SYS>>|</?(?:system|assistant|user|instructions?|context|document|passage|tool|s)>|###? ?(?:system|instruction|response|系统|指令|回答)"
    r"|\{\{.{0,60}\}\}|```(?:[^`]{0,400}```)?|<!|-->|</?[a-z][a-z0-9]{0,10}(?:\s[^<>]{0,200})?/?>|<(?:script|img|iframe|svg|style)\b|javascript:|\]\(\s*(?:https?|data):|!\[[^\]]*\]\([^()]{0,400}\)?|BEGIN PROMPT|<think>",
    re.IGNORECASE,
)
_ENCODED = re.compile(
    r"(?<![A-Za-z0-9+/.])(?=[a-z0-9+/]*[A-Z])(?=[A-Z0-9+/]*[a-z])(?:[A-Za-z0-9+/]{4}){8,}={0,2}|(?:\\u[0-9a-fA-F]{4}){3,}|(?:%[0-9A-Fa-f]{2}){6,}|(?:&#x?[0-9a-fA-F]+;){3,}"
)
_UNSEEN = re.compile("[\u200b-\u200f\u2060-\u2064\ufeff]")
"""Characters of no width: they hide words from a filter, and stand in honest files too."""
_HIDDEN = re.compile("[\u202a-\u202e\u2066-\u2069\U000e0000-\U000e007f]+")
"""Characters that turn the direction of writing or that no screen shows."""


def addresses_a_model(text: str) -> bool:
    """Whether words give orders to a model, pose as its messages, or hide from people.

    Such a sentence does not answer, and is not handed to a model. Own patterns, after the kinds of planted instructions
    described by Greshake et al. 2023 (indirect prompt injection); a net with holes, which is why the model's sentences are
    checked all the same.
    """
    return bool(_orders(text))


def plain_sentences(text: str) -> list[Span]:
    """Return the spans of the sentences of a paragraph that speak to people, as `sentences` does of all of them."""
    orders = _orders(text)
    return [span for span in sentences(text) if not any(start < span[1] and span[0] < end for start, end in orders)]


@lru_cache(maxsize=65_536)
def _orders(text: str) -> tuple[Span, ...]:
    """Where a text speaks to a model."""
    kept = [at for at, char in enumerate(text) if not _UNSEEN.match(char)]
    folded = fold("".join(text[at] for at in kept))
    found = [match.span() for pattern in (_ORDERS, _ENGLISH, _TOKENS, _ENCODED) for match in pattern.finditer(folded)]
    spans = [(kept[start], kept[end - 1] + 1) for start, end in found if start < end]
    return (*spans, *(match.span() for match in _HIDDEN.finditer(text)))
