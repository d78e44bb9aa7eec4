"""What belongs to the page that carried a report and not to the report: menus, buttons, counters, notices."""

from __future__ import annotations

import re

_BUTTONS = (
    r"注册\s*[|｜]?\s*登录|登录|注册|筛选地域|[一二三]级目录|报告年份|官网原文.*|导出笔记.*|[Aa][-+]|>+|\d+/\d+|笔记|复制|问答|搜索|记笔记|"
    r"写下来|打印|收藏|返回(?:顶部|首页)?|关闭|分享|下载|简体|繁体|無障礙.*|无障碍.*|关怀版|长者版|朗读|"
    r"[【\[（(]?\s*(?:打印本页|关闭窗口|打印|关闭|收藏|字体.{0,12})\s*[】\]）)]?(?:\s*[|｜]?\s*[【\[（(]\s*(?:打印本页|关闭窗口|打印|关闭)\s*[】\]）)])*|"
    r"字体大小[:：]?.*|字号[:：].*|-+|[|｜\s]+|Public domain|false|true|首页|网站首页|网站地图|正文[:：]?|内容摘要[:：]?|"
    r"QQ空间|新浪微博|人人网|开心网|百度空间|和讯|天涯社区|微信|微博|评论[:：]?|阅读[:：]?|浏览[:：]?|点击[:：]?|[（(]上接.{0,8}版[）)]|[（(]下转.{0,8}版[）)]|"
    r"[—–-]?\s*\d{1,4}\s*[—–-]|第\s*\d{1,4}\s*页(?:\s*共\s*\d{1,4}\s*页)?|\d{1,4}\s*/\s*\d{1,4}"
)
_LABELS = (
    r"(?:发布|发文|成文|更新|发表)?(?:日期|时间)[:：].*|发文单位[:：].*|来源\s*(?:URL)?[:：].{0,200}|信息来源[:：].*|[（(]来源[:：].*[）)]|"
    r"[（(]?责任?编辑.{0,20}|[:：].{1,8}|编辑[:：].{0,12}|审核[:：].{0,12}|作者[:：].{0,20}|(?:浏览|阅读|点击|评论)(?:次数|量|数)?[:：]?\s*\d*\s*次?|"
    r"您?(?:的)?(?:当前|现在)?(?:的)?位置\s*[:：].*|.{0,40}(?:无障碍浏览|欢迎(?:浏览|访问)).*|.{0,20}记者.{1,12}摄.?|.{0,20}扫一扫.{0,20}|"
    r"标签[:：]?|分享到[:：]?.*|[上下]一篇[:：]?.*|(?:相关|关联)(?:文章|稿件|新闻|链接|评论|阅读)[:：]?|本栏(?:最新|推荐)|阅读排行|标签云|"
    r".{0,60}(?:ICP备|公网安备|网站标识码|版权所有|技术支持[:：]|WAP版).{0,60}|主办单位[:：].*(?:电话|地址|邮编).*|承办单位[:：].*(?:电话|地址).*|"
    r"微信公众号.{0,20}|免责声明.*"
)
_LINE = re.compile(rf"(?:{_BUTTONS}|{_LABELS})")
_TAIL = re.compile(
    r"责任编辑|[（(]责任?编辑|分享到|[上下]一篇|(?:相关|关联)(?:文章|稿件|新闻|链接|阅读)|免责声明|信息来源[:：]|[（(]?来源[:：]|.{0,8}打印本页|"
    r"关闭窗口|本栏(?:最新|推荐)|阅读排行|标签[:：]|笔记$|扫一扫|本作品是|主办单位[:：].*(?:电话|地址)|.{0,30}(?:ICP备|网站标识码|版权所有)|微信公众号"
)
_NOTICE = re.compile(
    r"本站|不代表|转载|侵权|著作权法|公有领域|维基文库|版权|公务演讲|官方正式译文|网站标识码|ICP备|联系电话|电话[:：]"
)
_GLUED_TAIL = re.compile(r"(?<=[。！？!?.])[。.]?\s*(?:微信公众号.{0,20}|[（(](?:责任?编辑|来源)[^）)]{0,30}[）)])$")
_GLUED_HEAD = re.compile(r"^来源[:：]\S.{0,20}?\s{2,}(?=\S)|^标题[:：]\s*")
_LABEL_REST = re.compile(r"[:：]|[\u4e00-\u9fff]{1,4}[:：].{0,40}")


def is_furniture(line: str) -> bool:
    """Say whether a whole line is a piece of the page, wherever it stands; a sentence or a long line never is."""
    return len(line) <= 200 and line[-1:] not in "。！？；" and _LINE.fullmatch(line) is not None


def opens_tail(line: str) -> bool:
    """Say whether a line opens what a page puts below an article; of sentences only a notice of the site does."""
    if line[-1:] in "。！？；" and not is_notice(line):
        return False
    return len(line) <= 120 and _TAIL.match(line) is not None


def is_notice(line: str) -> bool:
    """Say whether a line is a notice of the site: of copyright, of who may reprint, of whom to call."""
    return _NOTICE.search(line) is not None


def strip_glued(line: str) -> str:
    """Take a source or an account name off the line of the report that it was glued to."""
    return _GLUED_TAIL.sub("", _GLUED_HEAD.sub("", line))
