"""Files of SQL as people write them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from failonce.guard.sqlfile import split

PSQL = r"""-- A report.
\set ON_ERROR_STOP on
select 1;

/* two
   lines */ select 'a;b', "c;d", $$e;f$$
  from t; -- done
copy t from stdin;
1	;
2	\N
\.
select 2"""


def test_statements_and_their_lines():
    written, notes = split(PSQL)
    assert [(each.line, each.sql.split("\n")[-1].strip()[:12]) for each in written] == [
        (3, "select 1"),
        (6, "from t"),
        (8, "copy t from "),
        (12, "select 2"),
    ]
    assert notes == (r"Line 2: \set is a command of psql; it was passed over.",)


def test_a_function_in_sql_is_one_statement():
    text = "create function f() returns int begin atomic select 1; select 2; end; select 3;"
    assert [each.sql for each in split(text)[0]][1] == "select 3"


def test_a_command_of_psql_that_sends_ends_a_statement():
    written, notes = split("select 1 as x \\gset\nselect 2 \\watch 5\nselect '\\g' as y;\n")
    assert [(each.line, each.sql) for each in written] == [
        (1, "select 1 as x"),
        (2, "select 2"),
        (3, "select '\\g' as y"),
    ]
    assert [note.split(" is ")[0] for note in notes] == ["Line 1: \\gset", "Line 2: \\watch"]


def test_a_backslash_in_a_literal_is_no_command():
    (written,), notes = split("select '\n\\d t\n';")
    assert notes == ()
    assert written.sql == "select '\n\\d t\n'"


@pytest.mark.parametrize("text", ["", " \n;;;", "-- nothing\n", "/* open", "select 'open", "\\", "\x00"])
def test_nothing_to_read_is_no_error(text):
    split(text)


@given(st.text(alphabet="select 1;'\"$\\\n-/*aμ\x00", max_size=60))
def test_lines_are_those_of_the_text(text):
    for each in split(text)[0]:
        assert 1 <= each.line <= text.count("\n") + 1
