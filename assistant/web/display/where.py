"""Where the words of a citation stand: the page of the file and the headings."""

from __future__ import annotations

from collections.abc import Collection

from assistant.types import Citation


def pages_said(pages: Collection[int]) -> str:
    """第3页, 第3—4页; empty where the file has no pages, or they are not known."""
    if not pages:
        return ""
    first, last = min(pages), max(pages)
    return f"第{first}页" if first == last else f"第{first}—{last}页"


def where(citation: Citation) -> str:
    """The page and the headings from the outside in; the place that the report is of where there is neither."""
    path = " › ".join(citation.headings)
    return " · ".join(filter(None, (pages_said(citation.pages), path))) or citation.report.region
