"""The bells of the checkout."""

from checkout import hold_sweep, newsletter, services
from shop.celery import app
from shop.jobs import Job


@app.task(name=Job.DROP_BASKETS.value)
def drop_baskets() -> None:
    """Forget baskets nobody came back for, what was typed in ended sessions, and newsletters nobody confirmed."""
    services.drop_old_baskets()
    services.forget_ended_sessions()
    newsletter.forget_unconfirmed()


@app.task(name=Job.SWEEP_HOLDS.value)
def sweep_holds() -> None:
    """Prolong the holds of active baskets, let go those nobody wants any more."""
    hold_sweep.sweep()
