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
    #: The recipe page shows which collections the recipe is in.
    shows_collections: bool = False
    #: The recipe page is laid out anew for each visitor, in so many seconds of processor time.
    lays_out_for_s: float = 0.0
    #: With a review or a favourite it is noted when its cook was last here.
    notes_last_seen: bool = False
    #: Reviews and favourites are counted, first of all, and weighed by the nutrition service before they are committed:
    #: `upsert` adds one, `select` locks the tally, and adds one at the end.
    tallies_activity: str = ""
    #: A recipe's page counts views and then activity; a review or a favourite counts activity and then views.
    tallies_both_ways: bool = False
    #: A review or a favourite thanks the featured reviews of the newsletter that led there.
    thanks_featured: bool = False
    #: One review or favourite at a time, under an advisory lock.
    queues_writers: bool = False

    @property
    def writes_more(self) -> bool:
        """Reviews and favourites need a transaction, since they are not all that is written."""
        return bool(
            self.notes_last_seen
            or self.tallies_activity
            or self.tallies_both_ways
            or self.thanks_featured
            or self.queues_writers
        )


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
        # Its migration makes a table and forgets to let the application read it.
        Release("v45", "recipe page: the collections it is in", shows_collections=True),
        # Pretty on a developer's machine, with one visitor.
        Release("v46", "recipe page: laid out for each visitor", lays_out_for_s=0.03),
        # By primary key: harmless as long as nobody else holds a cook's row.
        Release("v47", "cooks: when they were last seen", notes_last_seen=True),
        # One row for all who write, and it is held while somebody else's service is slow.
        Release("v48", "front page: activity, weighed", tallies_activity="upsert"),
        Release("v49", "front page: activity, weighed, by framework", tallies_activity="select"),
        Release("v50", "front page: live figures", tallies_both_ways=True),
        # No index on reviews serves it, so it reads all of them and locks a newsletter's as it goes (seed 003).
        Release("v51", "newsletters: thanks for featured reviews", thanks_featured=True),
        Release("v52", "nothing is reviewed twice", queues_writers=True),
        # As v44 without a transaction: no lock, no snapshot, nothing that pg_stat_activity would call busy.
        Release("v60", "favourites: undo, soon", keeps_idle_connections_on="/recipes/:id/favourite"),
        # The pool fell victim to a clean-up.
        Release("v61", "fewer dependencies", connects_each_time=True),
        Release("v62", "still fewer dependencies", connects_each_time=True, forgets_to_close=True),
        # Both faults at once, those of v42 and of v44.
        Release(
            "v70",
            "everything that was ready",
            shows_cooks_own_reviews=True,
            keeps_connections_on="/recipes/:id/favourite",
        ),
    )
)
