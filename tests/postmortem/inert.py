"""Whether a page does nothing but show text: no element that acts, no handler, no address that runs or loads."""

import re
from html.parser import HTMLParser

ACTING = {"script", "iframe", "object", "embed", "svg", "link", "base", "form", "input", "audio", "video"}


class Elements(HTMLParser):
    def __init__(self, text: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.found.append((tag, dict(attrs)))


def assert_inert(html: str) -> None:
    for tag, attributes in Elements(html).found:
        assert tag not in ACTING
        assert not [name for name in attributes if name.startswith("on")]
        assert (attributes.get("src") or "data:image/").startswith("data:image/")
        assert not re.match(r"\s*(javascript|data|vbscript|file):", attributes.get("href") or "", re.IGNORECASE)
