"""Lines of the server's log as real log_line_prefixes begin them."""

import pytest

from failonce.observe.logline import LineReader

LAB = "%m [%p] %q%a %Q "
DEBIAN = "%m [%p] %q%u@%d "
CODED = "%t:%e:%-8p:%d "


@pytest.mark.parametrize(
    ("prefix", "text", "code", "subject"),
    [
        (LAB, "2026-11-25 16:00:00.1 UTC [7] shop 42 ERROR:  permission denied for table follows", "42501", "follows"),
        (LAB, "2026-11-25 16:00:00.1 UTC [7] FATAL:  sorry, too many clients already", "53300", None),
        (DEBIAN, "2026-11-25 16:00:00.1 UTC [7] app@shop ERROR:  permission denied for schema audit", "42501", "audit"),
        (
            DEBIAN,
            '2026-11-25 16:00:00.1 UTC [7] app@shop ERROR:  nextval: reached maximum value of sequence "a_id_seq" (9)',
            "2200H",
            "a_id_seq",
        ),
        (CODED, "2026-11-25 16:00:00 UTC:53100:7       :shop FEHLER:  konnte Datei nicht erweitern", "53100", None),
        (
            "",
            'ERROR:  could not extend file "base/5/16400": No space left on device',
            "53100",
            None,
        ),
        (LAB, '2026-11-25 16:00:00.1 UTC [7] shop 42 ERROR:  value "4111 1111" is out of range', None, None),
    ],
)
def test_an_error_is_known_by_its_code_or_by_a_known_message(prefix, text, code, subject):
    line = LineReader(prefix).line(text)
    assert (line.is_error, line.code, line.subject) == (True, code, subject)


def test_the_prefix_names_statement_application_and_database():
    line = LineReader("%m %a@%d [%Q] ").line("2026-11-25 16:00:00.1 UTC my app@shop [-42] ERROR:  deadlock detected")
    assert (line.query_id, line.application, line.database) == (-42, "my app", "shop")


@pytest.mark.parametrize(
    "text",
    [
        "2026-11-25 16:00:00.1 UTC [7] LOG:  checkpoint starting: time",
        "2026-11-25 16:00:00.1 UTC [7] shop 42 STATEMENT:  select 'ERROR:  permission denied for table x'",
        "2026-11-25 16:00:00.1 UTC [7] shop 42 WARNING:  there is no transaction in progress",
    ],
)
def test_what_is_no_error(text):
    assert not LineReader(LAB).line(text).is_error


def test_a_translated_warning_is_no_error():
    assert not LineReader(CODED).line("2026-11-25 16:00:00 UTC:01000:7 :shop WARNUNG:  keine Transaktion").is_error


def test_what_is_not_the_servers():
    assert LineReader(LAB).line("Segmentation fault") is None
