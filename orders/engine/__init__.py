"""Moves orders on: reserve, collect, book; or give back and return. `advance` is the only door."""

from orders.engine.drive import advance

__all__ = ["advance"]
