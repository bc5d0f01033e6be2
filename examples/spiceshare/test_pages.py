"""SpiceShare's own tests: what each page shows. They know nothing of failonce."""


def test_a_recipe_shows_its_reviews(site):
    answer = site.answer("GET", "/recipes/1")
    assert answer.status == 200
    assert answer.body["title"] == "Recipe 1"
    assert isinstance(answer.body["reviews"], list)


def test_a_recipe_that_is_not_there(site):
    assert site.answer("GET", "/recipes/999999").status == 404


def test_search_shows_the_newest_first(site):
    answer = site.answer("GET", "/recipes?cuisine=thai")
    assert answer.status == 200
    published = [recipe["published_at"] for recipe in answer.body["recipes"]]
    assert published == sorted(published, reverse=True)


def test_the_recipes_of_a_cook(site):
    assert site.answer("GET", "/cooks/1/recipes").status == 200


def test_the_feed_of_a_cook(site):
    assert site.answer("GET", "/feed?cook=1").status == 200


def test_a_favourite_is_marked_once(site):
    for _ in range(2):
        assert site.answer("PUT", "/recipes/7/favourite?cook=3").status == 200


def test_a_review_is_posted(site):
    assert site.answer("POST", "/recipes/7/reviews?cook=3&rating=5").status == 200
