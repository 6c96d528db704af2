"""The bells of what belongs to no app."""

from typing import Any

from celery.signals import task_postrun

from shop import letters, meter
from shop.celery import app
from shop.jobs import Job
from shop.queue import remind


@task_postrun.connect
def count_job(task: Any = None, state: str | None = None, **_: Any) -> None:
    """Count a job that ended, and bring what it counted to the others."""
    meter.add("vitrine_jobs_total", job=str(getattr(task, "name", "")), outcome=(state or "unknown").lower())
    meter.settle()


@app.task(name=Job.SEND_LETTER.value)
def send_letter(letter_id: int) -> None:
    """Send one letter."""
    letters.send(letter_id)


@app.task(name=Job.SWEEP_LETTERS.value)
def sweep_letters() -> None:
    """Ring for every letter that waits, and forget the old ones."""
    remind(Job.SEND_LETTER, letters.due())
    letters.forget_old()
