"""Files have one subject and functions fit on a screen."""

import ast
from pathlib import Path
from statistics import median

SOURCE = Path(__file__).parents[1] / "src" / "failonce"
LONGEST_FUNCTION = 40
#: A table of the book in one place, and not to be touched again: stores are laid out by it.
MIGRATIONS = "store/migrations/versions"
LONGEST_FILE = 400
LONGEST_RULE = 150
FORBIDDEN = {"utils", "util", "helpers", "common", "misc", "manager"}


def functions(path: Path) -> list[tuple[str, int]]:
    tree = ast.parse(path.read_text())
    found = [n for n in ast.walk(tree) if isinstance(n, ast.FunctionDef | ast.AsyncFunctionDef)]
    return [(f"{path.name}:{n.name}", (n.end_lineno or 0) - n.lineno + 1) for n in found]


def test_functions_fit_on_a_screen():
    sizes = [f for path in SOURCE.rglob("*.py") if MIGRATIONS not in path.as_posix() for f in functions(path)]
    assert [f for f in sizes if f[1] > LONGEST_FUNCTION] == []
    assert median(size for _, size in sizes) <= 12


def test_files_have_one_subject():
    too_long = {p.name: n for p in SOURCE.rglob("*.py") if (n := len(p.read_text().splitlines())) > LONGEST_FILE}
    assert too_long == {}


def test_no_file_is_named_for_nothing():
    assert [p for p in SOURCE.rglob("*.py") if p.stem in FORBIDDEN] == []


def test_every_module_says_what_it_is_for():
    assert [p for p in SOURCE.rglob("*.py") if not ast.get_docstring(ast.parse(p.read_text()))] == []
