"""What SpiceShare's visitors ask for."""

from __future__ import annotations

import random

_CUISINES = ("thai", "greek", "mexican", "indian", "french", "ghanaian", "turkish", "japanese")


def choose(chance: random.Random) -> tuple[str, str]:
    """Return one visitor's request: reading is common, writing is rare, and some recipes and cooks are famous."""
    recipe, cook = 1 + int(200_000 * chance.random() ** 3), 1 + int(50_000 * chance.random() ** 2)
    match chance.choices(range(6), weights=(45, 18, 13, 12, 7, 5))[0]:
        case 0:
            return "GET", f"/recipes/{recipe}"
        case 1:
            return "GET", f"/recipes?cuisine={chance.choice(_CUISINES)}&days={chance.randrange(30)}"
        case 2:
            return "GET", f"/cooks/{cook}/recipes"
        case 3:
            return "GET", f"/feed?cook={cook}"
        case 4:
            return "PUT", f"/recipes/{recipe}/favourite?cook={cook}"
        case _:
            return "POST", f"/recipes/{recipe}/reviews?cook={cook}&rating={chance.randint(1, 5)}"
