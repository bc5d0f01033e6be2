"""What each release of SpiceShare changes, against v41."""

from __future__ import annotations

from dataclasses import dataclass

from failonce.lab.webapp import release
from failonce.lab.webapp.sample import by_name


@dataclass(frozen=True, slots=True)
class Release(release.Release):
    """One version of SpiceShare; what is not set is as in v41."""

    #: The recipe page shows what its cook thinks of other people's recipes.
    shows_cooks_own_reviews: bool = False
    #: The page of a cook tells how many others the cook follows.
    shows_follow_count: bool = False


RELEASES = by_name(
    (
        Release("v41", "the base"),
        # Nobody had asked for a cook's reviews before: reviews has no index on cook_id, so each view of a recipe
        # now reads the whole table (seed 001).
        Release("v42", "recipe page: the cook's own latest reviews", shows_cooks_own_reviews=True),
        # A new query too, but one that the primary key of follows answers.
        Release("v43", "cook's page: how many cooks they follow", shows_follow_count=True),
        # An early return before the connection goes back, its transaction open (seed 004).
        Release("v44", "favourites: prepares for offline lists", keeps_connections_on="/recipes/:id/favourite"),
    )
)
