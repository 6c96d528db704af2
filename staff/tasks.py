"""The bells of the desk."""

from shop.celery import app
from shop.jobs import Job
from staff import exporting, retention


@app.task(name=Job.KEEP_RULES.value)
def keep_rules() -> None:
    """Let personal data go whose time has come."""
    retention.run()


@app.task(name=Job.MAKE_EXPORT.value)
def make_export(export_id: int) -> None:
    """Make one file of figures."""
    exporting.make(export_id)


@app.task(name=Job.SWEEP_EXPORTS.value)
def sweep_exports() -> None:
    """Plan the figures of the month that has ended, and ring for what waits."""
    exporting.sweep()
