"""Who may import whom, as house.md draws it: every import is read, also inside functions and under TYPE_CHECKING."""

import ast
from pathlib import Path

import pytest

SOURCE = Path(__file__).parents[1] / "src" / "failonce"
FACES = {"cli", "web", "pytest_plugin"}
STEPS = {"observe", "detect", "diagnose", "remedy", "postmortem", "store", "guard", "lab", "integrations"}
ROOMS = FACES | STEPS | {"app", "model"}
#: Faces do not know each other, but the command line starts the pages, and has them written.
DOORS = {"cli/web.py": {"web"}, "cli/site.py": {"web"}}
MODULES = sorted(SOURCE.rglob("*.py"))


def leaves() -> set[str]:
    """Named modules beside the rooms, for what two steps need."""
    return {path.stem for path in SOURCE.glob("*.py")} - ROOMS - {"__init__"}


def allowed(room: str) -> set[str]:
    if room == "model":
        return {"model"}
    if room in leaves() or room == "__init__":
        return {"model"} | leaves()
    if room in STEPS:
        return {room, "model"} | leaves()
    if room == "app":
        return {"app", "model"} | STEPS | leaves()
    return {room, "app", "model"} | leaves()


def imported_rooms(path: Path) -> set[str]:
    rooms = set()
    for node in ast.walk(ast.parse(path.read_text())):
        names = []
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative import"
            names = [node.module or ""]
            if node.module == "failonce":
                names = [f"failonce.{alias.name}" for alias in node.names]
        rooms |= {name.split(".")[1] for name in names if name.startswith("failonce.")}
    return rooms - {"__version__"}


@pytest.mark.parametrize("path", MODULES, ids=lambda p: str(p.relative_to(SOURCE)))
def test_a_module_imports_only_what_its_room_may(path):
    place = path.relative_to(SOURCE)
    room = place.parts[0].removesuffix(".py")
    assert imported_rooms(path) <= allowed(room) | DOORS.get(str(place), set())


def test_every_room_is_one_the_house_knows():
    assert {p.name for p in SOURCE.iterdir() if p.is_dir() and p.name != "__pycache__"} <= ROOMS


@pytest.mark.parametrize("step", ["detect", "diagnose", "postmortem", "model"])
def test_the_middle_is_pure(step):
    """No clock, no network, no environment, no store: time arrives as an argument."""
    for path in (SOURCE / step).rglob("*.py"):
        text = path.read_text()
        for word in ("datetime.now", "time.time", "os.environ", "import psycopg", "import socket", "urllib.request"):
            assert word not in text, f"{path} uses {word}"
