"""What SpiceShare serves: each page with its route and the statements behind it."""

from __future__ import annotations

import json
import time

from failonce.lab.spiceshare import contended
from failonce.lab.spiceshare.contended import Visit
from failonce.lab.webapp.page import Missing, Page, Row, Statements


def recipe(visit: Visit) -> Row:
    recipe_id = visit.parameters["id"]
    with visit.database() as database, contended.viewing(visit, database):
        found = database.rows(
            """
            select r.id, r.title, r.cuisine, r.minutes, r.difficulty, r.method, r.published_at, r.cook_id, c.name
            from recipes r join cooks c on c.id = r.cook_id where r.id = %(id)s
            """,
            id=recipe_id,
        )
        if not found:
            raise Missing
        shown = found[0]
        shown |= {"reviews": _reviews(database, recipe_id), "similar": _similar(database, recipe_id)}
        if visit.release.shows_cooks_own_reviews:
            shown["cooks_own_reviews"] = database.rows(
                """
                select r.recipe_id, r.rating, r.comment, r.created_at
                from reviews r where r.cook_id = %(cook_id)s order by r.created_at desc limit 5
                """,
                cook_id=str(shown["cook_id"]),
            )
        if visit.release.shows_collections:
            shown["collections"] = database.rows(
                "select title from collections where recipe_id = %(id)s order by title limit 10", id=recipe_id
            )
    lay_out(visit.release.lays_out_for_s)
    return {**shown, "nutrition": visit.third_party(f"/recipes/{recipe_id}")}


def _reviews(database: Statements, recipe_id: str) -> list[Row]:
    return database.rows(
        """
        select r.id, r.rating, r.comment, r.created_at, c.name
        from reviews r join cooks c on c.id = r.cook_id
        where r.recipe_id = %(id)s order by r.created_at desc limit 20
        """,
        id=recipe_id,
    )


def _similar(database: Statements, recipe_id: str) -> list[Row]:
    return database.rows(
        """
        select s.id, s.title from recipes r join recipes s on s.cuisine = r.cuisine
        where r.id = %(id)s and s.published_at > now() - interval '2 years'
        order by abs(s.minutes - r.minutes) + 10 * abs(s.difficulty - r.difficulty), s.published_at desc limit 5
        """,
        id=recipe_id,
    )


def lay_out(seconds: float) -> None:
    """Work as long as that: templates, pictures, whatever a page is made of."""
    done_at_s = time.thread_time() + seconds
    while time.thread_time() < done_at_s:
        json.dumps(list(range(500)))


def search(visit: Visit) -> Row:
    """Newest first; the next page begins where this one ended. Beside it, what a filter by difficulty would leave."""
    cuisine, days = visit.parameters["cuisine"], visit.parameters.get("days", "0")
    with visit.database() as database:
        recipes = database.rows(
            """
            select r.id, r.title, r.minutes, r.published_at, c.name
            from recipes r join cooks c on c.id = r.cook_id
            where r.cuisine = %(cuisine)s and r.published_at < now() - %(days)s * interval '1 day'
            order by r.published_at desc limit 20
            """,
            cuisine=cuisine,
            days=days,
        )
        difficulties = database.rows(
            """
            select difficulty, count(*) as recipes, round(avg(minutes)) as minutes from recipes
            where cuisine = %(cuisine)s and published_at > now() - interval '2 years'
            group by difficulty
            """,
            cuisine=cuisine,
        )
    return {"recipes": recipes, "difficulties": difficulties}


def recipes_of_cook(visit: Visit) -> Row:
    cook_id = visit.parameters["id"]
    with visit.database() as database:
        recipes = database.rows(
            """
            select id, title, cuisine, published_at from recipes
            where cook_id = %(id)s order by published_at desc limit 20
            """,
            id=cook_id,
        )
        follows = None
        if visit.release.shows_follow_count:
            follows = database.rows("select count(*) from follows where cook_id = %(id)s", id=cook_id)
    return {"recipes": recipes, "follows": follows}


def feed(visit: Visit) -> list[Row]:
    with visit.database() as database:
        return database.rows(
            """
            select r.id, r.title, r.cuisine, r.published_at, r.cook_id
            from follows f join recipes r on r.cook_id = f.followed_id
            where f.cook_id = %(cook)s order by r.published_at desc limit 20
            """,
            cook=visit.parameters["cook"],
        )


def mark_favourite(visit: Visit) -> list[Row]:
    with visit.database() as database, contended.writing(visit, database):
        return database.rows(
            """
            insert into favourites (cook_id, recipe_id, since) values (%(cook)s, %(id)s, now())
            on conflict (cook_id, recipe_id) do update set since = excluded.since returning since
            """,
            id=visit.parameters["id"],
            cook=visit.parameters["cook"],
        )


def post_review(visit: Visit) -> list[Row]:
    with visit.database() as database, contended.writing(visit, database):
        return database.rows(
            """
            insert into reviews (recipe_id, cook_id, rating, comment, created_at)
            values (%(id)s, %(cook)s, %(rating)s, 'Made it for the first time today.', now()) returning id
            """,
            id=visit.parameters["id"],
            cook=visit.parameters["cook"],
            rating=visit.parameters["rating"],
        )


PAGES = (
    Page("GET", "/recipes/:id", recipe),
    Page("GET", "/recipes", search),
    Page("GET", "/cooks/:id/recipes", recipes_of_cook),
    Page("GET", "/feed", feed),
    Page("PUT", "/recipes/:id/favourite", mark_favourite),
    Page("POST", "/recipes/:id/reviews", post_review),
)
