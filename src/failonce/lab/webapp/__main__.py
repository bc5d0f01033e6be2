"""Run one release: `python -m failonce.lab.webapp spiceshare v41 --visits-fd N --scrapes-fd N --third-party URL`.

The listening sockets are inherited and SAMPLE_DSN says where the database is. It prints `ready` when it answers,
finishes what it has begun on SIGTERM, and ends at once when its standard input does.
"""

from __future__ import annotations

import argparse
import os
import signal
import socket
import sys
import threading
from functools import partial

from failonce.lab.samples import NAMES, sample
from failonce.lab.webapp.metrics import Metrics
from failonce.lab.webapp.pool import open_pool
from failonce.lab.webapp.server import Scraper, Server, Visitor
from failonce.lab.webapp.site import Site
from failonce.lab.webapp.third_party import ThirdParty

# How long a server takes to notice that it shall stop.
_POLL_S = 0.1


def main() -> None:
    arguments = _parser().parse_args()
    # Before any thread begins, since they inherit it: the signal waits for sigwait below, whoever would have got it.
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGTERM})
    threading.Thread(target=_end_with_owner, daemon=True).start()
    application = sample(arguments.application)
    release = application.releases[arguments.release]
    pool = open_pool(os.environ["SAMPLE_DSN"], application, release)
    metrics = Metrics(release.name, pool.get_stats)
    site = Site(application, release, pool, ThirdParty(arguments.third_party))
    site.warm_up()
    visits = Server(socket.socket(fileno=arguments.visits_fd), partial(Visitor, site, metrics))
    scrapes = Server(socket.socket(fileno=arguments.scrapes_fd), partial(Scraper, metrics))
    for server in (visits, scrapes):
        threading.Thread(target=server.serve_forever, args=(_POLL_S,)).start()
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    signal.sigwait({signal.SIGTERM})
    # Stop listening on both before waiting for what has begun: a scrape must not find two releases in turn.
    for server in (visits, scrapes):
        server.shutdown()
    for server in (visits, scrapes):
        server.server_close()
    pool.close()


def _end_with_owner() -> None:
    # Not sys.stdin: a thread that waits inside its buffer when the interpreter ends is a fatal error.
    while os.read(0, 4096):
        pass
    os._exit(0)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m failonce.lab.webapp", description="Run one release.")
    parser.add_argument("application", choices=NAMES)
    parser.add_argument("release", help="one of the application's releases")
    parser.add_argument("--visits-fd", type=int, required=True, help="the inherited socket that visitors come to")
    parser.add_argument("--scrapes-fd", type=int, required=True, help="the inherited socket of /metrics")
    parser.add_argument("--third-party", required=True, help="where the service that is somebody else's answers")
    return parser


if __name__ == "__main__":
    main()
