"""The pages in a real browser, served by a real process: each role's walk, every page held against axe-core.

Needs Debian's chromium (apt-get install chromium); skipped, and says so, where there is no browser.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from types import SimpleNamespace

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import sync_playwright

from failonce.app.pages.desk import Desk
from failonce.app.pages.recordings import Recordings
from failonce.model.action import Proof
from failonce.store.book import Book
from failonce.web.site import write_site
from fix_book import NOON, dossier, note, stamp

CHROMIUM = next(
    (found for name in ("chromium", "chromium-browser", "google-chrome") if (found := shutil.which(name))), None
)
pytestmark = [
    pytest.mark.acceptance,
    pytest.mark.skipif(CHROMIUM is None, reason="needs a browser: apt-get install chromium"),
]
PASSWORD = "a few plain words"
WAIT_MS = 30_000


@pytest.fixture(scope="module")
def served(tmp_path_factory, fill_book):
    """A server as a process of its own: its address, the store's path and the names of what is in it."""
    store = tmp_path_factory.mktemp("browser") / "failonce.db"
    with Book.open(store) as book:
        ids = fill_book(book)
        proof = Proof("no-full-scan", NOON, "Seq Scan on reviews", "Index Scan on reviews")
        book.actions.prove(ids.recorded, ids.action, proof, stamp())
    start = "from failonce.cli import main; main()"
    command = [sys.executable, "-c", start, "web", "--port", "0", "--store", str(store)]
    process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
    try:
        address = next(m[0] for line in process.stderr if (m := re.search(r"http://\S+:\d+", line)))
        yield SimpleNamespace(address=address, store=store, ids=ids)
    finally:
        process.terminate()
        process.communicate()


@pytest.fixture(scope="module")
def browser():
    with sync_playwright() as playwright:
        # No sandbox: a container's root has no user namespaces. Nothing is opened but our own pages.
        found = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield found
        found.close()


@pytest.fixture
def opened(browser, served):
    """A function that opens a page as somebody, and fails the test when the browser complains."""
    complaints, contexts = [], []

    def enter(name=None, **options):
        context = browser.new_context(base_url=served.address, **options)
        context.set_default_timeout(WAIT_MS)
        contexts.append(context)
        page = context.new_page()
        page.on("console", lambda m: complaints.append(m.text) if m.type == "error" else None)
        page.on("pageerror", lambda problem: complaints.append(str(problem)))
        if name:
            page.goto("/login")
            page.get_by_label("Name").fill(name)
            page.get_by_label("Password").fill(PASSWORD)
            page.get_by_role("button", name="Log in").click()
            page.wait_for_url(f"{served.address}/")
        return page

    yield enter
    for context in contexts:
        context.close()
    assert complaints == []


def addresses(ids):
    home = f"/incidents/{ids.recorded}"
    return {
        "now": "/",
        "incidents": "/incidents",
        "incident": home,
        "running": f"/incidents/{ids.running}",
        "postmortem": f"{home}/postmortem",
        "postmortems": "/postmortems",
        "actions": "/actions",
        "search": "/search?q=index",
        "insights": "/insights?days=0",
        "executive": "/executive",
        "tokens": "/tokens",
        "guard": "/guards/no-full-scan",
    }


def violations(page):
    found = Axe().run(page).response["violations"]
    return [(v["id"], [n["html"][:120] for n in v["nodes"][:3]]) for v in found]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("who", ["eve", "ada", "root"])
def test_every_page_is_accessible_to_everybody(opened, served, who, scheme):
    page = opened(who, color_scheme=scheme)
    pages = addresses(served.ids)
    if who != "eve":
        pages["edit"] = f"{pages['postmortem']}/edit"
    if who == "root":
        pages |= {"people": "/people", "audit": "/audit"}
    found = {}
    for name, address in pages.items():
        page.goto(address)
        found[name] = violations(page)
    assert {name: told for name, told in found.items() if told} == {}


def test_a_stranger_sees_the_door_and_nothing_else(opened, served):
    page = opened()
    for address in addresses(served.ids).values():
        page.goto(address)
        assert page.get_by_role("heading", level=1).inner_text() == "Log in"
    assert violations(page) == []


def test_nothing_is_wider_than_a_phone(opened, served):
    page = opened("ada", viewport={"width": 375, "height": 800})
    too_wide = []
    for name, address in addresses(served.ids).items():
        page.goto(address)
        if page.evaluate("document.documentElement.scrollWidth") > 375:
            too_wide.append(name)
    assert too_wide == []


def test_all_of_it_can_be_read_without_javascript(opened, served):
    page = opened("eve", java_script_enabled=False)
    page.goto(f"/incidents/{served.ids.recorded}")
    for told in ("What happened", "What was measured", "What it was not", "The remedy"):
        assert page.get_by_role("heading", name=told, exact=True).is_visible()
    assert page.locator("figure svg").first.is_visible()
    page.get_by_role("link", name="Read the postmortem").click()
    assert page.get_by_role("heading", name="Issue Summary").is_visible()
    assert page.locator("#measured figure svg").first.is_visible()


@pytest.mark.parametrize("place", ["", "/postmortem"])
def test_the_charts_tell_their_values_to_pointer_and_keyboard(opened, served, place):
    page = opened("eve")
    page.goto(f"/incidents/{served.ids.recorded}{place}")
    page.locator("#response-time .wide svg").hover()
    readout = page.locator(".readout")
    readout.wait_for(state="visible")
    assert re.search(r"p95\s+[\d.]+ m?s", readout.inner_text())
    before = readout.inner_text()
    page.locator(".charts").focus()
    for _ in range(5):
        page.keyboard.press("ArrowLeft")
    assert readout.inner_text() != before


def test_the_lint_follows_the_typing_hand_and_leads_to_the_line(opened, served):
    page = opened("ada")
    page.goto(f"/incidents/{served.ids.recorded}/postmortem/edit")
    field = page.locator("#text")
    field.fill("# Postmortem\n\nIt broke.\n")
    page.locator("#findings", has_text=re.compile(r"1\d to mend")).wait_for()
    page.locator("#findings a[data-line]").first.click()
    assert page.evaluate("document.activeElement.id") == "text"
    page.on("dialog", lambda dialog: dialog.accept())


def test_an_editor_writes_a_note_and_a_viewer_reads_it(opened, served):
    editor, reader = opened("ada"), opened("eve")
    reader.goto(f"/incidents/{served.ids.running}")
    editor.goto(f"/incidents/{served.ids.running}")
    editor.get_by_label("What happened").fill("The payment provider answers slowly")
    editor.get_by_role("button", name="Add to the timeline").click()
    editor.get_by_text("The note is in the timeline.").wait_for()
    # The reader's page is live: nobody loads it again.
    reader.get_by_text("The payment provider answers slowly.").first.wait_for()


def test_what_begins_elsewhere_appears_on_now(opened, served):
    page = opened("eve")
    page.goto("/")
    with Book.open(served.store) as book:
        book.incidents.declare(dossier("sudden-1", title="The mail server is silent", opened_at=NOON), stamp())
    page.get_by_role("link", name="The mail server is silent").wait_for()


def test_the_lines_of_the_charts_are_printed(opened, served):
    page = opened("ada")
    page.goto(f"/incidents/{served.ids.recorded}/postmortem")
    page.emulate_media(media="print")
    lines = page.locator("#measured figure .wide svg path.line")
    shown = lines.evaluate_all("found => found.map((line) => getComputedStyle(line).display)")
    assert len(shown) >= 3
    assert "none" not in shown
    assert not page.locator("form").first.is_visible()


def asked(page, address):
    """The requests for a page itself and for its stream, as they come from now on."""
    found = []
    page.on("request", lambda request: found.append(request.url) if request.url.startswith(address) else None)
    return found


def test_a_live_page_asks_only_when_the_server_says_so(opened, served):
    page = opened("eve")
    home = f"{served.address}/incidents/{served.ids.running}"
    told = asked(page, home)
    page.goto(home)
    page.wait_for_timeout(5_000)
    assert told == [home, f"{home}/events"]
    with Book.open(served.store) as book:
        book.timeline.add(served.ids.running, note(60, "The queue drains"), stamp())
    page.get_by_text("The queue drains.").first.wait_for()
    assert told.count(home) == 2


def test_without_streams_a_live_page_asks_now_and_then(opened, served):
    page = opened("eve")
    page.add_init_script("delete window.EventSource")
    home = f"{served.address}/incidents/{served.ids.running}"
    told = asked(page, home)
    page.goto(home)
    with Book.open(served.store) as book:
        book.timeline.add(served.ids.running, note(90, "All pumps run"), stamp())
    page.get_by_text("All pumps run.").first.wait_for()
    assert f"{home}/events" not in told


def test_a_live_page_leads_to_the_door_once_its_session_has_ended(opened, served):
    page = opened("eve")
    other = page.context.new_page()
    other.goto("/actions")
    page.bring_to_front()
    other.evaluate("document.querySelector('form[action=\"/logout\"]').requestSubmit()")
    page.wait_for_url("**/login**")


def test_an_editor_makes_a_token_and_makes_it_useless(opened, served):
    page = opened("ada")
    page.locator("details.account summary").click()
    page.get_by_role("link", name="API tokens").click()
    page.get_by_label("Which program?").fill("The pipeline")
    page.get_by_role("button", name="Make a token").click()
    assert page.locator(".conflict code").inner_text()
    page.get_by_role("button", name="Revoke The pipeline").click()
    page.get_by_text("The token lets nobody in any more.").wait_for()


def test_keys_lead_to_pages_and_to_the_search(opened):
    page = opened("eve")
    page.keyboard.press("a")
    page.wait_for_url("**/actions")
    page.keyboard.press("?")
    assert page.get_by_role("dialog", name="Keys").is_visible()
    page.keyboard.press("Escape")
    page.keyboard.press("/")
    page.keyboard.type("index")
    page.keyboard.press("Enter")
    page.wait_for_url("**/search?q=index")
    assert page.locator(".hits li").count() >= 1


def test_an_admin_invites_somebody_who_comes_in(opened, served):
    admin, guest = opened("root"), opened()
    admin.goto("/people")
    admin.locator("form.stack").get_by_label("Role").select_option("editor")
    admin.get_by_role("button", name="Make a link").click()
    link = admin.locator(".conflict code").inner_text()
    guest.goto(link)
    guest.get_by_label("Name").fill("mei")
    guest.get_by_label("Password").fill(PASSWORD)
    guest.get_by_role("button", name="Begin").click()
    guest.wait_for_url(f"{served.address}/")
    guest.goto("/incidents")
    assert guest.get_by_text("Declare an incident").is_visible()
    assert guest.get_by_text("zebras").count() == 0


def test_a_site_of_files_opens_and_is_searched_without_a_server(browser, served, tmp_path):
    with Book.open(served.store) as book:
        files = list(write_site(Desk(book, Recordings(tmp_path / "none")), tmp_path / "site"))
    assert not any("zebras" in file.read_text() for file in files)
    page = browser.new_page()
    complaints = []
    page.on("console", lambda m: complaints.append(m.text) if m.type == "error" else None)
    page.on("pageerror", lambda problem: complaints.append(str(problem)))
    page.goto((tmp_path / "site" / "index.html").as_uri())
    page.get_by_role("link", name=re.compile("missing index", re.IGNORECASE)).first.click()
    page.get_by_role("link", name="Read the postmortem").click()
    page.get_by_role("searchbox").fill("sequential")
    page.keyboard.press("Enter")
    page.locator(".hits a").first.click()
    assert page.get_by_role("heading", name="Issue Summary").is_visible()
    assert complaints == []
    # Only now: axe asks for the style sheets by itself, which a browser refuses among files, aloud.
    assert violations(page) == []
    page.close()
