"""The evaluation page: upload gold questions, watch the run, read the report. Plain HTML of our own, no page framework."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from assistant.errors import ZhengwenError
from assistant.evaluation.markup import figure, interval, text
from assistant.evaluation.metrics import METRICS
from assistant.web.evaluation.runs import Busy, EvaluationRuns, Finished
from assistant.web.server.asked import asked_in
from assistant.web.server.desk import Recorder

if TYPE_CHECKING:
    from fastapi import FastAPI

_TEMPLATE = Path(__file__).parent / "evaluation.html"
_SHOWN = {"answer_right": "回答正确", "unsupported_numbers": "无据数字", "citation_recall": "引用召回率"}
_UNKNOWN = {"error": "没有这次评测。", "hint": ""}


def page_html(finished: Sequence[Finished], running: str | None) -> str:
    """The page with what was evaluated before, newest first; `running` is the run that it goes on watching."""
    page = _TEMPLATE.read_text("utf-8")
    return page.replace("$running", text(running or "")).replace("$finished", _finished_html(finished))


def report_view(report: str, run_id: str) -> str:
    """The report as it is read on the page: with a way back and a way to keep it."""
    links = f'<p><a href="../../../evaluation">← 返回评测</a>　<a href="../{run_id}/report.html">下载这份报告</a></p>'
    return report.replace("<body>", f"<body>{links}", 1)


def add_routes(app: FastAPI, runs: EvaluationRuns, recorder: Recorder) -> None:
    """Hang the page and its few routes into the application."""
    from fastapi import Request
    from fastapi.concurrency import run_in_threadpool
    from fastapi.responses import HTMLResponse, JSONResponse, Response

    def page(request: Request) -> Response:
        return HTMLResponse(page_html(runs.finished(), runs.running()))

    async def start(request: Request) -> Response:
        content, name = await request.body(), request.query_params.get("name", "")
        try:
            run_id = await run_in_threadpool(runs.start, name, content)
        except ZhengwenError as error:
            refused = {"error": str(error), "hint": error.hint}
            return JSONResponse(refused, 409 if isinstance(error, Busy) else 400)
        await run_in_threadpool(recorder.note, "evaluation", asked_in(request.scope), run=run_id, files=[name])
        return JSONResponse({"id": run_id}, 202)

    def status(request: Request) -> Response:
        found = runs.status(request.path_params["run_id"])
        return JSONResponse(found or _UNKNOWN, 200 if found else 404)

    def cancel(request: Request) -> Response:
        stopped = runs.cancel(request.path_params["run_id"])
        return JSONResponse({"cancelled": stopped}, 202 if stopped else 404)

    def report(request: Request) -> Response:
        run_id, found = request.path_params["run_id"], runs.report(request.path_params["run_id"])
        if found is None:
            return JSONResponse(_UNKNOWN, 404)
        if request.url.path.endswith("/report"):
            return HTMLResponse(report_view(found, run_id))
        kept = {"content-disposition": f'attachment; filename="zhengwen-{run_id}.html"'}
        return HTMLResponse(found, headers=kept)

    routes: tuple[tuple[str, Any, str], ...] = (
        ("/evaluation", page, "GET"),
        ("/evaluation/runs", start, "POST"),
        ("/evaluation/runs/{run_id}", status, "GET"),
        ("/evaluation/runs/{run_id}/cancel", cancel, "POST"),
        ("/evaluation/runs/{run_id}/report", report, "GET"),
        ("/evaluation/runs/{run_id}/report.html", report, "GET"),
    )
    for path, endpoint, method in routes:
        app.add_route(path, endpoint, methods=[method])


def _finished_html(finished: Sequence[Finished]) -> str:
    if not finished:
        return '<p class="soft">还没有评测过。</p>'
    return f"<ul>{''.join(map(_row, finished))}</ul>"


def _row(one: Finished) -> str:
    day, moment = one.id.split("-")[:2]
    when = f"{day[:4]}-{day[4:6]}-{day[6:]} {moment[:2]}:{moment[2:4]}"
    overall = one.scorecard.get("overall", {})
    figures = "".join(
        f'<span class="figure">{METRICS[name].title if name in METRICS else title} <b>{figure(name, measured["value"])}</b> '
        f'<span class="soft">{interval(name, measured["low"], measured["high"])}</span></span>'
        for name, title in _SHOWN.items()
        if (measured := overall.get(name))
    )
    count = one.scorecard.get("what", {}).get("questions", 0)
    at = f"evaluation/runs/{one.id}"
    return (
        f'<li><p class="name"><b>{text(one.name)}</b> <span class="soft">{when}，{text(count)} 题</span></p>'
        f'<p class="figures">{figures}</p>'
        f'<p class="links"><a href="{at}/report">看成绩和错题</a><a href="{at}/report.html" download>下载报告</a></p></li>'
    )
