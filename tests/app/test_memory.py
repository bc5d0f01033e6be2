"""What is computed of the whole book holds until the book changes, and for those who see the same."""

from failonce.app.pages.memory import Memory
from failonce.model.viewer import Role, Viewer

EVE = Viewer("eve", Role.VIEWER)
ADA = Viewer("ada", Role.EDITOR, frozenset(["payments"]))


def test_it_is_computed_anew_when_the_book_has_changed():
    version, asked = ["1"], []
    memory = Memory(lambda: version[0])
    for _ in range(3):
        memory.of(EVE, "running", lambda: asked.append("eve"))
    assert asked == ["eve"]
    version[0] = "2"
    memory.of(EVE, "running", lambda: asked.append("again"))
    assert asked == ["eve", "again"]


def test_who_sees_more_is_never_answered_with_what_others_see():
    memory = Memory(lambda: "1")
    assert memory.of(EVE, "count", lambda: 2) == 2
    assert memory.of(ADA, "count", lambda: 3) == 3
    assert memory.of(Viewer.machine(), "count", lambda: 4) == 4
    assert memory.of(EVE, "count", lambda: 99) == 2
