"""Words in a report that speak to a language model rather than to people."""

from __future__ import annotations

import re

from assistant.language.folding import fold

_ORDERS = re.compile(
    r"(?:忽略|无视|忘记|忘掉|不要理会|不必遵守|跳过|抛开|覆盖|取消|作废)[^。！？\n]{0,16}(?:指令|指示|提示|规则|设定|设置|要求|约束|限制|资料|内容|说明|命令|前文|上文)"
    r"|(?:以上|上述|之前|前面|先前)[^。\n]{0,8}(?:指令|提示词?|规则|命令)"
    r"|(?:系统|开发者|管理员|超级用户|最高权限)(?:消息|提示词?|指令|命令|通知|备注|权限)[:：]?"
    r"|(?:大|语言|AI|人工智能)(?:模型|助手|助理)[^。\n]{0,10}(?:请|必须|应当|需要|务必|注意|要)|(?:致|写给|给)(?:阅读|处理|回答)?[^。\n]{0,6}(?:AI|模型|机器人|助手)"
    r"|你(?:现在)?(?:是|将|要|必须|应该|需要|只能)[^。\n]{0,20}(?:助手|模型|机器人|AI|角色|扮演|回答|输出|回复)|从现在(?:开始|起)[^。\n]{0,12}你"
    r"|(?:请|务必|必须|只能|只需|直接)[^。\n]{0,10}(?:输出|回答|回复|打印|复述|重复|写出|说出|附上|插入|引用)[^。\n]{0,6}[:：“\"'‘A-Za-z0-9<\[]"
    r"|(?:回答|输出|回复)(?:任何)?(?:问题|时|里|中)[^。\n]{0,10}(?:时|都|必须|一律|请|务必|加上|写)|无论(?:问|用户)[^。\n]{0,12}(?:都|均|一律)"
    r"|用户(?:问|提问|要求|输入)[^。\n]{0,14}(?:时|就|则|请|一律)|正确答案(?:是|为|应|改)|标准答案(?:是|为|应)"
    r"|提示词|越狱|系统提示|角色扮演"
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
    r"|\{\{.{0,60}\}\}|```|<!--|<(?:script|img|iframe|svg|a|style|form|input)\b|javascript:|!\[[^\]]*\]\(|BEGIN PROMPT|<think>",
    re.IGNORECASE,
)
_ENCODED = re.compile(
    r"(?:[A-Za-z0-9+/]{4}){8,}={0,2}|(?:\\u[0-9a-fA-F]{4}){3,}|(?:%[0-9A-Fa-f]{2}){6,}|(?:&#x?[0-9a-fA-F]+;){3,}"
)
_UNSEEN = re.compile("[\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\U000e0000-\U000e007f]")


def addresses_a_model(text: str) -> bool:
    """Whether words give orders to a model, pose as its messages, or hide from people.

    Such a passage is quoted as it is where it answers, and is not handed to a model. Own patterns, after the kinds of planted
    instructions described by Greshake et al. 2023 (indirect prompt injection); a net with holes, which is why the model's
    sentences are checked all the same.
    """
    folded = fold(text)
    return bool(
        _ORDERS.search(folded)
        or _ENGLISH.search(folded)
        or _TOKENS.search(folded)
        or _ENCODED.search(folded)
        or _UNSEEN.search(text)
    )
