"""The museum and the clock of the engine's tests serve here too."""

from tests.orders.conftest import clock, museum, sandbox

__all__ = ["clock", "museum", "sandbox"]
