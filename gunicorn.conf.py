"""How gunicorn serves the shop, here and in production; every value can be overruled on its command line.

Threads wait for upstream while others answer from the mirror, so a few processes with several threads each.
"""

import os
from pathlib import Path

wsgi_app = "shop.wsgi"
worker_class = "gthread"
workers = int(os.environ.get("WEB_CONCURRENCY", "2"))
threads = 8
timeout = 30  # every wait for upstream ends well before
graceful_timeout = 10
keepalive = 5
max_requests = 2000
max_requests_jitter = 200
preload_app = True
control_socket_disable = True
if os.environ.get("LOG_FORMAT") == "json":
    # The shop writes a line per request itself, without the addresses, some of which are keys to orders.
    logconfig_dict = {
        "formatters": {"generic": {"()": "shop.tracing.JsonLines"}},
        "loggers": {
            "gunicorn.error": {"level": "INFO", "handlers": ["error_console"], "propagate": False},
            "gunicorn.access": {"level": "CRITICAL", "handlers": [], "propagate": False},
        },
    }


def when_ready(_server):
    """Name the legal texts that are still missing; the staff pages must open all the same, to write them."""
    from django.db import connections  # noqa: PLC0415 - the settings are read only now

    from shop.checks import say_what_is_missing  # noqa: PLC0415

    say_what_is_missing()
    connections.close_all()  # the workers open their own


def post_worker_init(worker):
    """Tell whoever started this server that it answers: by a file of its own, for an old and a new one may overlap."""
    if path := os.environ.get("READY_FILE"):
        Path(f"{path}.{worker.ppid}").touch()


def on_exit(server):
    if path := os.environ.get("READY_FILE"):
        Path(f"{path}.{server.pid}").unlink(missing_ok=True)
