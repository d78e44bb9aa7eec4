"""The front of the service: the middlewares that every request passes before the page or the API sees it, in their order."""

from __future__ import annotations

from pathlib import Path

from assistant.access.sign_in import Authenticator
from assistant.settings import Settings
from assistant.web.portal.signing_in import SigningIn
from assistant.web.server.asgi import App, Receive, Scope, Send
from assistant.web.server.desk import Desk
from assistant.web.server.endpoints import Endpoints
from assistant.web.server.hosts import Hosts
from assistant.web.server.middleware.audit import AuditMiddleware
from assistant.web.server.middleware.authentication import AuthenticationMiddleware
from assistant.web.server.middleware.body import BodyLimitMiddleware, JSONBodyMiddleware
from assistant.web.server.middleware.cors import CORSMiddleware
from assistant.web.server.middleware.errors import ErrorMiddleware
from assistant.web.server.middleware.forwarded_headers import ForwardedHeadersMiddleware
from assistant.web.server.middleware.load_shedding import LoadSheddingMiddleware
from assistant.web.server.middleware.metrics import MetricsMiddleware
from assistant.web.server.middleware.rate_limit import RateLimitMiddleware
from assistant.web.server.middleware.request_id import RequestIDMiddleware
from assistant.web.server.middleware.routing import RoutingMiddleware
from assistant.web.server.middleware.security_headers import SecurityHeadersMiddleware
from assistant.web.server.middleware.trusted_host import TrustedHostMiddleware


class Front:
    """The whole ASGI application: the chain around the page (behind its own gate) and the API."""

    def __init__(
        self,
        page: App | None,
        api: App,
        settings: Settings,
        authenticator: Authenticator,
        desk: Desk,
        shared: Path | None = None,
    ) -> None:
        """`page` may be None where only programs are served; `shared` is a folder in which several processes count together."""
        self._page, self._api = page, api
        self.signing_in = SigningIn(settings, authenticator, desk.recorder)
        app: App = Endpoints(page, api, settings, authenticator, self.signing_in, desk.recorder)
        # From the inside out: the last is the first that a request meets.
        app = JSONBodyMiddleware(app)
        app = BodyLimitMiddleware(app)
        app = self._load_shedding = LoadSheddingMiddleware(app, desk)
        app = RateLimitMiddleware(app, settings, shared)
        app = AuthenticationMiddleware(app, settings, authenticator, self.signing_in)
        app = CORSMiddleware(app, settings)
        app = RoutingMiddleware(app, has_page=page is not None)
        app = TrustedHostMiddleware(app, Hosts(settings.host, settings.trusted_hosts))
        app = AuditMiddleware(app, desk.recorder)
        app = ErrorMiddleware(app)
        app = SecurityHeadersMiddleware(app)
        app = MetricsMiddleware(app, desk.recorder.metrics)
        app = ForwardedHeadersMiddleware(app, authenticator, settings.root_path)
        self._app: App = RequestIDMiddleware(app)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await (self._page or self._api)(scope, receive, send)
        elif scope["type"] == "http":
            await self._app(scope, receive, send)
        # Anything else, a websocket for one, is dropped: nothing here has a use for it.

    @property
    def draining(self) -> bool:
        """Whether no more questions are taken."""
        return self._load_shedding.draining

    async def drain(self) -> None:
        """Take no more questions and wait for those that are being answered."""
        await self._load_shedding.drain()
