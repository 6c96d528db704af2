"""The bells of the desk."""

from shop.celery import app
from shop.jobs import Job
from staff import retention


@app.task(name=Job.KEEP_RULES.value)
def keep_rules() -> None:
    """Let personal data go whose time has come."""
    retention.run()
