"""What the sandbox serves, read from its own routes."""

import importlib
import pkgutil
from functools import cache

from starlette.routing import Match, Route

import sandbox.routes
from sandbox.state import State
from tests.contract import document, scope


def served() -> list[str]:
    """The operations the sandbox answers; a route for any word does not answer the words it was not made for."""
    return [name for name in document.operations() if routes_of(name) and name not in scope.NOT_SERVED]


def undocumented() -> list[str]:
    """The routes of the sandbox that are no operation of the document."""
    known = {route for operation in document.operations() for route in routes_of(operation)}
    return sorted(set(all_routes()) - known)


@cache
def routes_of(operation: str) -> tuple[str, ...]:
    """The routes of the sandbox that fit an operation."""
    method, _, path = operation.partition(" ")
    own = document.example(path).removeprefix(scope.API)
    scope_of_it = {"type": "http", "method": method, "path": own, "root_path": "", "headers": []}
    return tuple(
        name
        for name, route in all_routes().items()
        if name.startswith(f"{method} ") and route.matches(scope_of_it)[0] is Match.FULL
    )


@cache
def all_routes() -> dict[str, Route]:
    """Every route of the sandbox by method and path."""
    state = State(":memory:")
    topics = [name for _, name, _ in pkgutil.iter_modules(sandbox.routes.__path__, "sandbox.routes.")]
    modules = [importlib.import_module(name) for name in topics]
    found = [route for module in modules if hasattr(module, "routes") for route in module.routes(state)]
    return {
        f"{method} {route.path}": route
        for route in found
        for method in sorted((route.methods or set()) - {"HEAD"})
    }
