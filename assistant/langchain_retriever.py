"""The library as a LangChain retriever, for those who build their own chains on it."""

from __future__ import annotations

from langchain_core.callbacks import CallbackManagerForRetrieverRun
from langchain_core.documents import Document
from langchain_core.retrievers import BaseRetriever
from pydantic import ConfigDict, Field

from assistant.answering.assistant import Assistant


class ReportRetriever(BaseRetriever):
    """Finds passages as the assistant does: scoped by place, dense and lexical, ordered by how well they fit.

    Each `Document` holds a passage's words; its metadata says where they stand: report_id, title, region, report_year,
    headings, paragraph_id, score, and period and role where the report tells them.
    """

    model_config = ConfigDict(arbitrary_types_allowed=True)

    assistant: Assistant
    k: int = Field(default=10, ge=1, le=50)
    """How many passages to return."""

    def _get_relevant_documents(self, query: str, *, run_manager: CallbackManagerForRetrieverRun) -> list[Document]:
        return [
            Document(
                page_content=found.passage.text,
                id=found.passage.id,
                metadata={
                    "report_id": found.report.id,
                    "title": found.report.title,
                    "region": found.report.region,
                    "report_year": found.report.report_year,
                    "headings": list(found.paragraph.headings),
                    "paragraph_id": found.paragraph.id,
                    "period": found.paragraph.period.label if found.paragraph.period else None,
                    "role": found.paragraph.role,
                    "score": found.score,
                },
            )
            for found in self.assistant.search(query, self.k)
        ]
