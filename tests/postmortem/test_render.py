"""The page of somebody's document: complete, in our design, and nothing of the document acts."""

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from failonce.postmortem.article import article, parsed
from failonce.postmortem.page import article_page
from failonce.postmortem.pictures import Picture, media_type, referenced
from postmortem.hostile import HOSTILE, ONE_MEGABYTE
from postmortem.inert import assert_inert

PNG = b"\x89PNG\r\n\x1a\n0000"


def test_nothing_of_a_hostile_document_acts():
    html = article_page(HOSTILE)
    assert_inert(html)
    assert "default-src 'none'" in html


@settings(max_examples=60, deadline=None)
@given(st.text(alphabet=st.sampled_from("<>/\"'=!-# \n`[]()ab&;:"), max_size=200))
def test_no_combination_of_markup_acts(text):
    assert_inert(article(f"{text}<img src=x onerror=alert(1)>{text}<script>{text}"))


@pytest.mark.parametrize("name", ONE_MEGABYTE)
def test_a_megabyte_takes_less_than_two_seconds(name):
    begun = time.process_time()
    html = article(ONE_MEGABYTE[name])
    assert time.process_time() - begun < 2
    assert html


def test_a_picture_is_carried_along_with_its_words():
    html = article("![what *it* was](a%20b.png)", {"a%20b.png": Picture("image/png", PNG)})
    assert 'src="data:image/png;base64,iVBORw0KGgowMDAw"' in html
    assert 'alt="what it was"' in html


def test_a_missing_picture_is_said_in_its_place_and_a_remote_one_is_not_loaded():
    html = article('before ![x](a.png) <img src="b.png" alt="y"> ![z](https://example.org/c.png) after')
    assert html.index("before") < html.index("picture missing: a.png (x)") < html.index("picture missing: b.png (y)")
    assert "picture elsewhere, not loaded: https://example.org/c.png (z)" in html
    assert "<img" not in html


def test_pictures_in_markdown_and_html_are_found():
    _, tokens = parsed("![](a.png)\n\n<p><img alt=1 src='b.png'></p>\n\nx <img src=c.png>\n\n> - ![](a.png)")
    assert referenced(tokens) == ("a.png", "b.png", "c.png")


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (PNG, "image/png"),
        (b"\xff\xd8\xff\xe0", "image/jpeg"),
        (b"RIFF0000WEBPVP8 ", "image/webp"),
        (b'<?xml version="1.0"?>\n<svg xmlns="http://www.w3.org/2000/svg"/>', "image/svg+xml"),
        (b"root:x:0:0:", None),
        (b"<html><svg>", None),
        (b"", None),
    ],
)
def test_a_picture_is_known_by_its_content(content, kind):
    assert media_type(content) == kind


def test_html_that_people_write_is_kept_without_its_attributes():
    html = article("<h2 align=center>Out<u>age</u></h2>\n<table><tr><td style='x'>a &lt; b</td></tr></table>\n\nx<br>y")
    assert "<h4>Outage</h4>" in html
    assert "<table><tr><td>a &lt; b</td></tr></table>" in html
    assert "x<br>y" in html


def test_the_title_stands_once():
    parts = "## Timeline\n\n- 14:00 UTC it began\n\n## Cause\n\nx\n"
    html = article_page(f"![logo](l.png)\n\n# Checkout was down\n\n{parts}")
    assert html.count("Checkout was down") == 2  # the tab's title, and the heading
    assert '<a href="#part-1">Timeline</a>' in html
    assert '<h3 id="part-1">Timeline</h3>' in html
