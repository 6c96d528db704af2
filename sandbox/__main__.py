"""`python -m sandbox --port 8001 --db var/sandbox.sqlite3`: serve until stopped.

Switches (`--set name=value`) are those of sandbox/switches.py. Requests are unlimited unless `--set rate_limit=on`:
then 300 a minute for each key, with a burst of 60. `--scale large` adds thousands of tickets, dates and exhibitions.
"""

import argparse
import logging

import uvicorn
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from sandbox.app import create
from sandbox.state import State


class OpenProtocol(HttpToolsProtocol):
    """Hands its transport to the application, so that a rehearsed fault can cut the line."""

    def on_message_begin(self) -> None:
        super().on_message_begin()
        self.scope["extensions"] = {"sandbox.line": {"transport": self.transport}}


def main() -> None:
    parser = argparse.ArgumentParser(prog="sandbox", description=__doc__)
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8001)
    parser.add_argument("--db", default="var/sandbox.sqlite3")
    parser.add_argument("--quiet", action="store_true", help="no line per request")
    parser.add_argument("--set", action="append", default=[], metavar="SWITCH=VALUE", help="set a switch")
    parser.add_argument("--scale", choices=["large"], help="add a large catalogue")
    given = parser.parse_args()
    level = logging.WARNING if given.quiet else logging.INFO
    logging.basicConfig(level=level, format="%(asctime)s %(message)s")
    state = State(given.db)
    if given.set:
        pairs = dict(pair.split("=", 1) for pair in given.set)
        state.switches.merge(pairs)
        state.operate("switches", state.switches.as_dict())
    if given.scale:
        state.operate("scale", given.scale)
    config = uvicorn.Config(
        create(state),
        host=given.host,
        port=given.port,
        http=OpenProtocol,
        log_level="warning",
        access_log=False,
        timeout_graceful_shutdown=1,
    )
    uvicorn.Server(config).run()


main()
