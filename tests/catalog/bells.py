"""What the broker holds: the jobs somebody rang for and no worker took yet."""

from __future__ import annotations

from shop.celery import app


def rung() -> list[tuple[str, tuple[int, ...]]]:
    """Take all waiting jobs off the broker and return their names and arguments."""
    found: list[tuple[str, tuple[int, ...]]] = []
    with (
        app.connection_for_read() as connection,
        connection.SimpleQueue(app.conf.task_default_queue) as queue,
    ):
        while True:
            try:
                message = queue.get(block=False)
            except queue.Empty:
                return found
            message.ack()
            found.append((message.headers["task"], tuple(message.payload[0])))
