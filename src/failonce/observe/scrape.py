"""One HTTP GET of a Prometheus endpoint: its text, or why it is not to be had."""

from __future__ import annotations

import http.client
from urllib.error import HTTPError, URLError
from urllib.parse import urlsplit, urlunsplit
from urllib.request import OpenerDirector, ProxyHandler, Request, build_opener

from failonce.observe.source import Unseen

_TIMEOUT_S = 0.9
# Far above any application's; an endpoint that never ends is not one.
_LONGEST_BYTES = 8_000_000


def scrape(url: str) -> str:
    """Return what the endpoint answers."""
    shown = without_secrets(url)
    if urlsplit(url).scheme not in ("http", "https"):
        raise Unseen(
            f"{shown} is no http or https address", hint="give the address of the metrics endpoint", lasting=True
        )
    request = Request(url, headers={"Accept": "text/plain;version=0.0.4"})
    try:
        with _opener().open(request, timeout=_TIMEOUT_S) as answer:
            body: bytes = answer.read(_LONGEST_BYTES)
        return body.decode("utf-8")
    except UnicodeDecodeError as error:
        raise nonsense(url, "bytes that are no text") from error
    except HTTPError as error:
        # It is an answer too, with a connection of its own.
        error.close()
        raise Unseen(f"{shown} answered with status {error.code}", hint=f"check it: curl -sS {shown}") from error
    except (URLError, OSError, http.client.HTTPException) as error:
        reason = getattr(error, "reason", None) or str(error) or type(error).__name__
        raise Unseen(f"{shown} did not answer: {reason}", hint=f"check it: curl -sS {shown}") from error


def nonsense(url: str, what: str) -> Unseen:
    """Return the complaint that the endpoint answered with something else than metrics."""
    shown = without_secrets(url)
    return Unseen(
        f"{shown} answered with {what}, not with metrics in the Prometheus text format",
        hint=f"check it: curl -sS {shown} | head",
    )


def without_secrets(url: str) -> str:
    """Return the address without user, password and query.

    >>> without_secrets("http://joe:s3cret@app:9000/metrics?token=x")
    'http://app:9000/metrics'
    """
    parts = urlsplit(url)
    return urlunsplit((parts.scheme, parts.netloc.rpartition("@")[2], parts.path, "", ""))


def _opener() -> OpenerDirector:
    """Return an opener that asks directly: a proxy for the way out has no business between us and the application."""
    return build_opener(ProxyHandler({}))
