"""Webhooks: a POST of JSON that its receiver can prove and recognise.

``X-Zeroline-Id`` is the same however often a message is sent, so that it is taken once.
``X-Zeroline-Timestamp`` is the second it was sent (Unix time). ``X-Zeroline-Signature`` is ``v1=`` and the
HMAC-SHA256, in hexadecimal digits, of timestamp, a full stop and the body, under the common key.
"""

from __future__ import annotations

import hmac
from http.client import HTTPException
from typing import Any, Final
from urllib.error import HTTPError
from urllib.request import HTTPRedirectHandler, Request, build_opener

from zeroline import __version__
from zeroline.letters.failure import Failed
from zeroline.letters.settings import Hook

PATIENCE: Final = 10
"""Seconds that the receiver is waited for."""

_NEVER: Final = frozenset({400, 410, 413, 415, 422})
"""Answers that another try of the same message would get again."""


def signature(key: str, timestamp: int, body: bytes) -> str:
    """What goes with a body, and what its receiver makes again to compare."""
    return "v1=" + hmac.new(key.encode(), f"{timestamp}.".encode() + body, "sha256").hexdigest()


class _NoRedirects(HTTPRedirectHandler):
    """A signed message goes where it was addressed to and nowhere else."""

    def redirect_request(self, *_given: Any, **_more: Any) -> None:
        return None


def post(hook: Hook, token: str, timestamp: int, body: bytes) -> None:
    """Send a signed message; raises Failed ``webhook-unreachable`` or ``webhook-refused``."""
    request = Request(
        hook.url,
        body,
        {
            "Content-Type": "application/json; charset=utf-8",
            "User-Agent": f"Zeroline/{__version__}",
            "X-Zeroline-Id": token,
            "X-Zeroline-Timestamp": str(timestamp),
            "X-Zeroline-Signature": signature(hook.key, timestamp, body),
        },
    )
    try:
        with build_opener(_NoRedirects).open(request, timeout=PATIENCE):
            return
    except HTTPError as error:
        error.close()
        said = f"{error.code} {error.reason}"
        raise Failed("webhook-refused", said, for_good=error.code in _NEVER) from error
    except (OSError, HTTPException) as error:
        reason = getattr(error, "reason", error)
        raise Failed.by(
            "webhook-unreachable", reason if isinstance(reason, BaseException) else error
        ) from error
