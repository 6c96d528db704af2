"""The whole shop on one machine, for whoever wants to see it: `make demo`.

Knows nothing of Django, which takes a second to load: on the second start nothing but the programs needs it.
"""

import os
import subprocess
import sys

from shop import settings
from shop.stack import ready, recipe
from shop.stack.log import Log
from shop.stack.processes import Bell, Part, Runner, StackError, alone_in

OPEN = """
  ──────────────────────────────────────────────────────────────────────
   {name} is open.

   Shop          {shop}/
   Staff         {shop}/admin/   (user {user}, password {password})
   Letter box    {shop}/demo/mail/   (every mail the shop sends)
   Ticket system {sandbox}/   (the sandbox, a stand-in for go~mus)

   Ctrl-C closes everything. The next start finds it all again.
  ──────────────────────────────────────────────────────────────────────

"""


def run() -> None:
    """Start everything, wait for Ctrl-C or the first program that ends by itself, stop everything.

    Raises `StackError` with a sentence when it cannot start, or when it did not end by the user's wish.
    """
    if not settings.DEMO:
        raise StackError("The demo needs DEMO=1: its login is known to everybody. `make demo` sets it.")
    recipe.demand_free(settings.PORT, "PORT")
    recipe.demand_free(settings.SANDBOX_PORT, "SANDBOX_PORT")
    settings.DATA_DIR.mkdir(parents=True, exist_ok=True)
    taken = f"Another demo works in {settings.DATA_DIR}. Stop it, or choose another DATA_DIR."
    # Two brokers on one file would lose both.
    with alone_in(settings.DATA_DIR, "demo.lock", taken), Bell() as bell:
        log = Log()
        runner = Runner(env=os.environ, folder=settings.BASE_DIR, tell=log.tell)
        try:
            _open(runner, log)
            while not bell.wait(0.25):
                runner.check()
            log.tell("demo", "closing, what is running will be finished first")
        finally:
            runner.stop_all()


def _open(runner: Runner, log: Log) -> None:
    foundation, house = _parts()
    runner.start(*foundation)
    if not ready.is_prepared():
        log.tell("demo", "preparing database, pages and catalogue")
        runner.wait_for(*(part.name for part in foundation))
        _prepare(log)
    runner.start(*house)
    runner.wait_for(*(part.name for part in (*foundation, *house)))
    login = {"user": settings.DEMO_USER, "password": settings.DEMO_PASSWORD}
    log.write(
        OPEN.format(name=settings.SHOP_NAME, shop=settings.PUBLIC_URL, sandbox=settings.GOMUS_URL, **login)
    )


def _parts() -> tuple[list[Part], list[Part]]:
    """Return the programs that the preparation needs, and those that need the preparation."""
    at = recipe.Address(settings.PORT, settings.SANDBOX_PORT, settings.DATA_DIR, settings.REDIS_URL)
    own_broker = [recipe.broker_part(at)] if settings.OWN_BROKER else []
    return [*own_broker, recipe.sandbox_part(at)], [recipe.worker_part(at), recipe.web_part(at)]


def _prepare(log: Log) -> None:
    quiet = os.environ | {"LOG_LEVEL": "WARNING"}  # the sync alone would fill the screen
    command = [sys.executable, "manage.py", "prepare_demo"]
    done = subprocess.run(
        command, cwd=settings.BASE_DIR, env=quiet, capture_output=True, text=True, check=False
    )
    for line in (done.stdout + done.stderr).splitlines():
        log.tell("demo", line)
    if done.returncode:
        raise StackError("The demo could not be prepared; the reason is above.")
