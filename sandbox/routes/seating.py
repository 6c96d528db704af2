"""Seating plans: as data, and drawn."""

from html import escape

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from sandbox import wire
from sandbox.catalogue.model import Seat, SeatPlan
from sandbox.errors import not_found
from sandbox.routes.shapes import BLANK, Json
from sandbox.state import State
from sandbox.wire import LOCALES, Speech

PITCH, MARGIN, STAGE = 40, 60, 90  # pixels: from seat to seat, around the plan, height of the stage


def seating(plan: SeatPlan, blocked: set[int], said: Speech) -> Json:
    """The plan of a date. The address of its drawing lacks the leading slash, as it sometimes does."""
    return {
        "blocked_seats": sorted(blocked),
        "categories": [
            {
                "id": number,
                "title": said.say(title),
                "description": said.say(BLANK),
                "color_code": colour,
            }
            for number, (title, colour) in plan.categories.items()
        ],
        "rows": [
            {"id": number, "title": said.say(dict.fromkeys(LOCALES, title))}
            for number, title in plan.rows.items()
        ],
        "seats": [
            {
                "id": seat.id,
                "row_id": seat.row,
                "category_id": seat.category,
                "type_id": seat.type,
                "title": seat.title,
                "description": None,
            }
            for seat in plan.seats
        ],
        "types": [{"id": number, "title": said.say(title)} for number, title in plan.types.items()],
        "visual_url": f"api/v4/seatings/{plan.id}.svg",
    }


def drawing(plan: SeatPlan, said: Speech) -> str:
    """The room from above as SVG; every seat has its id, its category and a title to be read."""
    rows = list(plan.rows)
    widest = max(sum(seat.row == row for seat in plan.seats) for row in rows)
    width, height = 2 * MARGIN + widest * PITCH, STAGE + MARGIN + len(rows) * PITCH
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" role="img" font-size="14" '
        'font-family="sans-serif" text-anchor="middle">',
        f'<rect class="stage" x="{MARGIN}" y="20" width="{width - 2 * MARGIN}" height="36" rx="6" fill="#444"/>',
        f'<text x="{width // 2}" y="44" fill="#fff">{"Bühne" if said.codes[0] == "de" else "Stage"}</text>',
    ]
    for line, row in enumerate(rows):
        y = STAGE + PITCH // 2 + line * PITCH
        parts.append(f'<text class="row" x="{MARGIN // 2}" y="{y + 5}">{escape(plan.rows[row])}</text>')
        seats = [seat for seat in plan.seats if seat.row == row]
        parts += [_seat(plan, seat, MARGIN + PITCH // 2 + i * PITCH, y, said) for i, seat in enumerate(seats)]
    return "".join([*parts, "</svg>"])


def _seat(plan: SeatPlan, seat: Seat, x: int, y: int, said: Speech) -> str:
    category, colour = plan.categories[seat.category]
    row = "Reihe" if said.codes[0] == "de" else "Row"
    title = f"{category[said.codes[0]]}, {row} {plan.rows[seat.row]}, {seat.title}"
    return (
        f'<g id="seat-{seat.id}" class="seat" data-seat-id="{seat.id}" data-category-id="{seat.category}">'
        f'<title>{escape(title)}</title><circle cx="{x}" cy="{y}" r="15" fill="{colour}"/>'
        f'<text x="{x}" y="{y + 5}" fill="#fff">{escape(seat.title)}</text></g>'
    )


def routes(state: State) -> list[Route]:
    async def svg(request: Request) -> Response:
        plan = state.world.plans.get(request.path_params["id"])
        if plan is None:
            raise not_found()
        return Response(drawing(plan, wire.speech(request)), media_type="image/svg+xml")

    return [Route("/seatings/{id:int}.svg", svg)]
