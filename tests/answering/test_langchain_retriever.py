from __future__ import annotations

from assistant import Assistant
from assistant.langchain_retriever import ReportRetriever


def test_langchain_gets_the_passages_with_where_they_stand(assistant: Assistant) -> None:
    found = ReportRetriever(assistant=assistant, k=3).invoke("松北区2025年GDP目标是多少")
    assert len(found) == 3
    first = found[0]
    assert "地区生产总值增长5.5%" in first.page_content
    assert (first.metadata["region"], first.metadata["report_year"]) == ("松北区", 2025)
    assert (first.metadata["period"], first.metadata["role"]) == ("2025年", "target")
    assert first.id is not None
    assert first.id.startswith(first.metadata["paragraph_id"])
