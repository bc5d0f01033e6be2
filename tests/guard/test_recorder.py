"""Where a statement comes from, and which transaction it belongs to."""

from pathlib import Path

from failonce.guard.capture.recorder import Recorder, resolved

A, B, HELPER, TEST = ("app/a.py", 3), ("app/b.py", 4), ("app/db.py", 9), ("tests/test_a.py", 5)


def sent(sql, *lines, test="tests/test_a.py::test_x", transaction=None):
    return sql, lines, test, transaction, False, None


def places(*sendings):
    return [(execution.place.path, execution.place.line) for execution in resolved(sendings)[1]]


def test_a_line_that_passes_statements_on_is_looked_through():
    found = places(sent("select 1 from a", HELPER, A, TEST), sent("select b from b", HELPER, B, TEST))
    assert found == [A, B]


def test_a_line_that_always_sends_the_same_is_meant():
    assert places(sent("select 1", HELPER, A, TEST), sent("select 2", HELPER, B, TEST)) == [HELPER, HELPER]


def test_what_the_tests_send_themselves_is_passed_over():
    statements, executions, passed = resolved([sent("select 1", TEST), sent("select a", ("conftest.py", 2), A)])
    assert (statements, executions, passed) == ((), (), 2)


def test_the_outermost_savepoints_are_the_transactions_of_a_wrapped_test():
    recorder = Recorder(Path())
    told = [
        ("begin-less", True),
        ("savepoint a", False),
        ("update 1", False),
        ("savepoint b", False),
        ("update 2", False),
    ]
    told += [("release b", False), ("release a", False), ("savepoint c", False), ("update 3", False)]
    for sql, began in told:
        recorder.record(sql, None, connection=1, began=began, within=True)
    numbers = {sql: transaction for sql, _, _, transaction, *_ in recorder.sent}
    assert numbers["update 1"] == numbers["update 2"]
    assert len({numbers["begin-less"], numbers["update 1"], numbers["update 3"]}) == 3


def test_statements_outside_a_transaction_have_none():
    recorder = Recorder(Path())
    recorder.record("update 1", None, connection=1, began=False, within=False)
    assert recorder.sent[0][3] is None
