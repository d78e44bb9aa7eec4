"""A service whose every word is hostile, walls that can be taken away, and a browser that tells what ran."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from assistant.errors import ZhengwenError
from assistant.facts.told import Told
from assistant.types import (
    Answer,
    Aspect,
    Choice,
    Citation,
    Evidence,
    Figure,
    Paragraph,
    Passage,
    Preview,
    Report,
    ReportRef,
    Retrieved,
    Turn,
    Writing,
)
from tests.facts.stating import told_in
from tests.portal.payloads import HOOK
from tests.ports import Site, site_on

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Page

REPORT_ID = "0123456789abcdef"


@dataclass
class Canary:
    """A site that nothing should ask for anything; it remembers what was asked for."""

    address: str = ""
    hits: list[str] = field(default_factory=list)


@contextmanager
def canary() -> Iterator[Canary]:
    made = Canary()

    class Hit(Site):
        def do_GET(self) -> None:  # noqa: N802 - the name is the library's
            made.hits.append(self.path)
            self.say(200, "text/plain", "")

        do_POST = do_GET  # noqa: N815 - so is this

    with site_on(Hit) as port:
        made.address = f"http://127.0.0.1:{port}"
        yield made


class Walls:
    """Stands before the whole service and takes the Content-Security-Policy off its replies when told to."""

    def __init__(self, front: Any) -> None:
        self._front = front
        self.has_csp = True

    def __getattr__(self, name: str) -> Any:
        return getattr(self._front, name)

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        async def bared(message: Any) -> None:
            if message["type"] == "http.response.start":
                kept = [pair for pair in message["headers"] if pair[0].lower() != b"content-security-policy"]
                message = {**message, "headers": kept}
            elif message["type"] == "http.response.body":  # the report of an evaluation brings a policy of its own
                body = message.get("body", b"").replace(b"Content-Security-Policy", b"x" * 23)
                message = {**message, "body": body}
            await send(message)

        await self._front(scope, receive, send if self.has_csp else bared)


def poisoned(text: str, question: str = "") -> Answer:
    """An answer that is `text` in every place where a text may be."""
    report = ReportRef(REPORT_ID, text, text, 2025)
    paragraph = f"前文。{text}后文增长5.5%。"
    return Answer(
        question or text,
        "answered",
        f"{text}增长5.5%〔原文〕〔1〕\n甲{text}：{text}〔1〕\n乙{text}：{text}〔1〕",
        (Citation(1, report, (text, text), paragraph, f"{text}后文增长5.5%", f"{REPORT_ID}-1-0"),),
        (
            Figure("5.5%", 5.5, text, text, text, "target", text, 1, "verified"),
            Figure(text, 1.0, text, text, text, None, text, None, "computed"),
        ),
        (Retrieved(1, 0.5, text, text, report),),
        model=text,
        understood=f"{text} · 2025年",
        suggestions=(text,),
        standalone=text,
        alternatives=(text,),
        notice=text,
        writing=Writing(text, text, kept=1, replaced=1),
    )


class Parrot:
    """An assistant that says what it is asked in every place, and holds a report of the texts it is given."""

    def __init__(self) -> None:
        self.texts: tuple[str, ...] = ("文",)

    def within(self, regions: object) -> Parrot:
        return self

    def reports(self) -> tuple[Report, ...]:
        return tuple(
            Report(f"{number:016x}", one, one, 2025, one, one, (one,), one, one, one)
            for number, one in enumerate(self.texts)
        )

    def facts(self, report_id: str) -> tuple[Told, ...]:
        return told_in(*self.report(report_id))

    def report(self, report_id: str) -> tuple[Report, tuple[Paragraph, ...]]:
        if report_id.startswith("f"):
            raise ZhengwenError(self.texts[0], self.texts[0])
        paragraphs = (
            Paragraph(f"{REPORT_ID}-1-{number}", REPORT_ID, number, (one, "二"), one)
            for number, one in enumerate(self.texts)
        )
        return self.reports()[0], tuple(paragraphs)

    def search(self, query: str, limit: int = 10) -> tuple[Evidence, ...]:
        report, paragraphs = self.report("0")
        return tuple(
            Evidence(rank, 1.0, Passage("a", "b", "c", 0, 1, one.text, one.text), one, report)
            for rank, one in enumerate(paragraphs, 1)
        )

    def aspects(self, question: str) -> tuple[Aspect, ...]:
        return (Aspect("place", question, (Choice(question, question),)), Aspect("role", question))

    def examples(self) -> tuple[tuple[str, str], ...]:
        return tuple((one, one) for one in self.texts[:6])

    def next_questions(self, answer: Answer) -> tuple[str, ...]:
        return (answer.question,)

    def ask(self, question: str, history: Sequence[Turn] = ()) -> Answer:
        return poisoned(question)

    def stream(self, question: str, history: Sequence[Turn] = (), stopped: Any = None) -> Iterator[Any]:
        if question.startswith("错"):
            raise ZhengwenError(question, question)
        yield Preview(poisoned(question))
        yield question
        yield poisoned(question)


# Runs before anything of a page does, in its frames too.
_HOOKS = f"""
for (const name of ['alert', 'confirm', 'prompt', 'print', 'open']) window[name] = () => {HOOK}(name);
addEventListener('securitypolicyviolation', (event) => zwviolated(`${{event.effectiveDirective}} ${{event.blockedURI}} ${{event.sample}}`));
"""

# Everything that a hand or an eye could set off. Buttons that ask or open do not get to the page's own scripts: a click that
# does not rise still sets off whatever hangs on the element itself.
_POKE = """() => {
  const all = (root) => [...root.querySelectorAll('*')].flatMap((node) => [node, ...(node.shadowRoot ? all(node.shadowRoot) : [])]);
  for (const node of all(document)) if (node.matches('details')) node.open = true;
  const events = ['mouseover', 'mouseenter', 'mousemove', 'pointerenter', 'pointerover', 'focus', 'focusin', 'blur', 'click',
    'auxclick', 'dblclick', 'wheel', 'dragstart', 'beforeinput', 'toggle', 'animationstart', 'transitionend', 'submit', 'close'];
  let poked = 0;
  for (const node of all(document.body)) {
    if (node.closest('#question, #send, #stop, .zw-unseen')) continue;
    poked += 1;
    node.focus?.({ preventScroll: true });
    const isOurs = node.onclick && !node.hasAttribute('onclick'); // pressed in their turn by the tests
    for (const name of events) if (name !== 'click' || !isOurs) node.dispatchEvent(new Event(name, { bubbles: false, cancelable: true }));
    const link = node.getAttribute('href') ?? node.getAttribute('xlink:href');
    if (link && !link.startsWith('#') && new URL(link, document.baseURI).origin !== location.origin) (node.click ?? (() => {})).call(node);
  }
  return poked;
}"""

# What no text may have become: things that fetch, that take input, that lie over the page, that lead elsewhere.
_SURVIVORS = """(areas) => {
  const found = [];
  const tags = 'script,style,link,meta,base,iframe,frame,object,embed,img,image,picture,video,audio,source,track,svg,math,' +
    'form,input,textarea,select,option,label,dialog,template,noscript,xmp,portal,marquee,keygen,area,map,canvas';
  const roots = [document, ...[...document.querySelectorAll('*')].map((node) => node.shadowRoot).filter(Boolean)];
  for (const area of roots.flatMap((root) => [...root.querySelectorAll(areas)])) {
    for (const node of area.querySelectorAll(tags)) found.push(node.outerHTML.slice(0, 200));
    for (const node of area.querySelectorAll('*')) {
      for (const { name, value } of node.attributes)
        if (/^on|^style$|^srcdoc$|^formaction$|^target$|^ping$|^src|^name$/.test(name) || (name === 'href' && !/^(#zw-|evaluation)/.test(value)))
          found.push(`${name}=${value}`.slice(0, 200));
      if (getComputedStyle(node).position === 'fixed') found.push(`fixed: ${node.outerHTML.slice(0, 200)}`);
      if (node.matches('button') && node.type !== 'button') found.push(node.outerHTML.slice(0, 200));
    }
  }
  return found;
}"""
_SHOWN = ("asked", "reply", "offer", "passages", "earlier", "note", "examples", "said")
_MADE = ("#zw-thread", "#zw-older", "#zw-queue", ".zw-kept", ".zw-places", ".zw-reader-text", "#zw-peek")
AREAS = ", ".join([*(f"#{name} .prose" for name in _SHOWN), *_MADE])
"""Where the page shows texts of others; what Gradio puts around them is its own."""


@dataclass
class Watched:
    """A browser profile with what has happened in it."""

    context: BrowserContext
    page: Page
    canary: Canary
    site: str
    ran: list[Any] = field(default_factory=list)
    violations: list[str] = field(default_factory=list)
    elsewhere: list[str] = field(default_factory=list)
    poked: int = 0

    def poke(self) -> None:
        """Hover, focus and click everything there is."""
        self.poked = self.page.evaluate(_POKE)
        self.page.wait_for_timeout(60)

    def survivors(self, areas: str = AREAS) -> list[str]:
        """What a text has become that it may not."""
        found: list[str] = self.page.evaluate(_SURVIVORS, areas)
        return found

    def assert_nothing_happened(self) -> None:
        """Nothing ran, nothing was fetched, nothing opened; no wall had to hold anything back."""
        assert self.poked > 0, f"nothing was there to be touched: {self.page.content()}"
        assert self.ran == []
        assert self.canary.hits == []
        assert self.elsewhere == []
        assert self.violations == []
        assert len(self.context.pages) == 1
        self.poked = 0


@contextmanager
def watched(browser: Browser, server: Canary, *sites: str) -> Iterator[Watched]:
    """Open a fresh profile that tells what runs in its pages, what they ask for besides these sites, and what opens."""
    context = browser.new_context(locale="zh-CN", service_workers="block", viewport={"width": 1280, "height": 800})
    context.set_default_timeout(20_000)
    server.hits.clear()
    seen = Watched(context, context.new_page(), server, sites[0])
    context.expose_binding(HOOK, lambda _, *given: seen.ran.append(given))
    context.expose_binding("zwviolated", lambda _, told: seen.violations.append(told))
    context.add_init_script(_HOOKS)

    def note(request: Any) -> None:
        parts = urlsplit(request.url)
        if parts.scheme not in {"blob", "data", "file"} and f"{parts.scheme}://{parts.netloc}/" not in sites:
            seen.elsewhere.append(request.url)

    def shut(dialog: Any) -> None:
        seen.ran.append((dialog.message,))
        dialog.dismiss()

    context.on("request", note)
    context.on("dialog", shut)
    yield seen
    context.close()
