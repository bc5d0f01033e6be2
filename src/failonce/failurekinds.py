"""Of which kind of failure each cause is, as the cause's own file says: what a diagnosis and a document have in common.

A diagnosis names a cause more finely than a document's words do; whoever holds the two against each other asks here.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from failonce import plugins


@cache
def kinds() -> Mapping[str, str]:
    """Return the kind of each cause by its ID; a cause from elsewhere that declares none is a kind of its own."""
    causes = plugins.load("failonce.diagnose.causes")
    return {name: str(getattr(cause, "KIND", name)) for name, cause in causes.items()}
