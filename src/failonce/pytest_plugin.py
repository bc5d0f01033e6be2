"""`pytest --failonce`: review the statements that a suite sends, on a twin of production.

Hooks only. Without the option nothing but this file is loaded.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from failonce.app.review.options import ReviewOptions
    from failonce.app.review.statements import Outcome

_ERROR = 1


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add our options."""
    group = parser.getgroup("failonce")
    group.addoption("--failonce", action="store_true", help="review the statements that the tests send")
    group.addoption("--failonce-twin", metavar="FILE", help="plan on this twin")
    group.addoption("--failonce-twin-of", metavar="DSN", help="plan on a twin of this database")
    group.addoption("--failonce-keep", action="store_true", help="keep today's plans as the baseline")
    group.addoption(
        "--failonce-report",
        action="append",
        default=[],
        metavar="FORMAT=FILE",
        help="also write the findings as json, sarif, junit, github or markdown",
    )


def pytest_configure(config: pytest.Config) -> None:
    """Begin only when asked to."""
    if config.getoption("failonce"):
        config.pluginmanager.register(Reviewer(config), "failonce-reviewer")


class Reviewer:
    """The review of one session."""

    def __init__(self, config: pytest.Config) -> None:
        from failonce.app.review.capture import Capture
        from failonce.app.review.formats import report_files
        from failonce.model.errors import FailonceError

        self._capture = Capture(config.rootpath)
        self._is_worker = hasattr(config, "workerinput")
        self._outcome: Outcome | None = None
        self._problem = ""
        try:
            self._options = _options(config)
            self._files = report_files(config.getoption("failonce_report"), option="--failonce-report")
        except FailonceError as error:
            raise pytest.UsageError(f"failonce: {error} {error.hint}") from None

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_logstart(self, nodeid: str) -> None:
        """Attach to what was imported since, and note which test it is."""
        self._capture.attach()
        self._capture.begin(nodeid)

    @pytest.hookimpl(trylast=True)
    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        """Review what was captured; errors fail the session."""
        self._capture.detach()
        if self._is_worker:
            session.config.workeroutput["failonce"] = self._capture.dump()  # type: ignore[attr-defined]
            return
        self._review()
        failed = self._problem or (self._outcome and self._outcome.errors)
        if failed and session.exitstatus in (0, pytest.ExitCode.OK):
            session.exitstatus = _ERROR

    @pytest.hookimpl(optionalhook=True)
    def pytest_testnodedown(self, node: Any) -> None:
        """Take what a worker of pytest-xdist captured."""
        self._capture.take(getattr(node, "workeroutput", {}).get("failonce", ()))

    def pytest_terminal_summary(self, terminalreporter: Any) -> None:
        """Tell what was found."""
        if self._outcome is None and not self._problem:
            return
        from failonce.app.review.formats import formatted

        terminalreporter.section("failonce")
        terminalreporter.write(formatted(self._outcome, "text") if self._outcome else self._problem)

    def _review(self) -> None:
        from failonce.app.review.formats import write_reports
        from failonce.app.review.statements import review_statements
        from failonce.model.errors import FailonceError

        sources = self._capture.sources()
        if not sources.statements:
            passed = f" ({sources.passed_over} were sent by the tests themselves)" if sources.passed_over else ""
            self._problem = f"No statement of the program was seen by psycopg 3, SQLAlchemy or Django{passed}.\n"
            return
        try:
            self._outcome = review_statements(sources, self._options)
        except FailonceError as error:
            self._problem = f"Not reviewed: {error}\n  try: {error.hint}\n"
            return
        write_reports(self._outcome, self._files)


def _options(config: pytest.Config) -> ReviewOptions:
    from dataclasses import replace

    from failonce.app.review.options import BASELINE, load, with_twin

    options = load(config.rootpath / "failonce.toml" if (config.rootpath / "failonce.toml").exists() else None)
    options = with_twin(options, config.getoption("failonce_twin"), config.getoption("failonce_twin_of"))
    baseline = options.baseline or config.rootpath / BASELINE
    return replace(options, baseline=baseline, keep=bool(config.getoption("failonce_keep")))
