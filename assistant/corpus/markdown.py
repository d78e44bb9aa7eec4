"""Markdown to the text that it shows."""

from __future__ import annotations

import re

_FRONT_MATTER = re.compile(r"\A---\n(?P<lines>(?:[^\n]*\n){1,40}?)---\n")
"""The lines of keys that open a Markdown file of a site generator (Jekyll, Hugo)."""
_HEAD_LINES = 12
_KEY = re.compile(r"(?P<key>[A-Za-z_]{3,12}|[\u4e00-\u9fff]{2,4})\s*[:：]\s*(?P<value>[^\n]{1,80})$")
_KEYS = {
    **dict.fromkeys(("place", "region", "issuer", "author", "发文单位", "发布机构", "地区"), "issuer"),
    **dict.fromkeys(("date", "发文时间", "发布时间", "成文日期", "日期"), "date"),
    **dict.fromkeys(("title", "标题"), "title"),
    **dict.fromkeys(("year", "年份", "年度"), "year"),
}
_PICTURE = re.compile(r"!\[[^\[\]\n]*\]\([^()\n]*\)")
_MARKUP = (
    (re.compile(r"<!--(?:(?!<!--).)*?-->", re.DOTALL), ""),
    (_PICTURE, ""),
    (re.compile(r"\[([^\[\]\n]+)\]\((?:https?:|/|\.)[^()\n]*\)"), r"\1"),
    (re.compile(r"^ {0,3}(?:#{1,6}|>)[ \t]+", re.MULTILINE), ""),
    (re.compile(r"\*\*|__(?=\S[^_\n]*__)|(?<=\S)__|^ {0,3}(?:\*[ \t]*){3,}$", re.MULTILINE), ""),
)
"""What Markdown says of how a text looks. Not read as CommonMark, which takes **——增长。**实现 for no emphasis: 。 is no letter."""


def without_front_matter(text: str) -> str:
    """Return the text with its front matter gone but for the title, which becomes the first line."""
    found = _FRONT_MATTER.match(text)
    if found is None:
        return text
    title = re.search(r"^title:\s*[\"']?(?P<title>[^\n]*?)[\"']?\s*$", found["lines"], re.MULTILINE)
    return f"{title['title']}\n{text[found.end() :]}" if title else text[found.end() :]


def front_matter(text: str) -> dict[str, str]:
    """Return what the keys above a text say, by what they mean: `issuer`, `date`, `title`, `year`.

    Keys are those of a Markdown file of a site generator, or lines such as 发文单位：河北省人民政府 that open a saved page.
    """
    text = text.replace("\r\n", "\n").lstrip("\ufeff")
    found = _FRONT_MATTER.match(text)
    lines = found["lines"].splitlines() if found else [line.strip() for line in text.splitlines()[:_HEAD_LINES]]
    keys = (_KEY.match(line) for line in lines)
    said = [(key["key"].lower(), key["value"].strip(" \"'")) for key in keys if key]
    return {_KEYS[key]: value for key, value in said if key in _KEYS and value}


def without_markup(text: str) -> str:
    """Return the text without emphasis, links, pictures, comments and the marks of headings and quotations."""
    for pattern, kept in _MARKUP:
        text = pattern.sub(kept, text)
    return text


def count_pictures(text: str) -> int:
    """Return how many pictures a text shows."""
    return len(_PICTURE.findall(text))
