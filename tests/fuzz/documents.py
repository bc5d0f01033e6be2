"""A coverage-guided fuzzer of everything that takes a stranger's document: read, lint, and the page of it.

Bytes go in; whatever comes out must be JSON, point into the document, and act nowhere. An input that breaks this is
written to the working folder by atheris; made small, it joins `corpus/`, which `test_corpus.py` replays.

    pip install 'failonce[fuzz]'
    python tests/fuzz/documents.py tests/fuzz/corpus -max_total_time=300 -max_len=4000
"""

import json
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))


def examine(data: bytes) -> None:
    """Put bytes through reading, linting and the page; raise when the outcome is not what it must be."""
    from failonce.postmortem.decoding import text_of
    from failonce.postmortem.lint import lint
    from failonce.postmortem.page import article_page
    from failonce.postmortem.read import read
    from postmortem.inert import assert_inert

    text, _ = text_of(data)
    facts = read(text).plain()
    json.dumps(facts)
    last = text.replace("\r\n", "\n").replace("\r", "\n").count("\n") + 1
    for places in facts["places"].values():
        for place in places if isinstance(places, list) else [places]:
            assert 1 <= place["line"] <= last, place
            assert place["column"] >= 1, place
    for finding in lint(text):
        assert 1 <= finding.line <= last, finding
        assert 1 <= finding.column <= finding.end_column, finding
        assert all((finding.message, finding.instead, finding.why)), finding
    assert_inert(article_page(text))


def main() -> None:
    import atheris

    with atheris.instrument_imports(include=["failonce"]):
        examine(b"")
    atheris.Setup(sys.argv, examine)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
