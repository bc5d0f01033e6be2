"""What each release of the shop changes, against r7."""

from __future__ import annotations

from dataclasses import dataclass

from failonce.lab.webapp import release
from failonce.lab.webapp.sample import by_name


@dataclass(frozen=True, slots=True)
class Release(release.Release):
    """One version of the shop; what is not set is as in r7."""

    #: The page of a product tells when it was listed: harmless.
    shows_listing_date: bool = False


RELEASES = by_name(
    (
        Release("r7", "the base"),
        Release("r8", "product page: since when it is on offer", shows_listing_date=True),
    )
)
