// The drawing of a seat plan becomes the twin of the boxes below it. The boxes are what is sent; no texts in here.

const boxOf = (seat) => document.querySelector(`input[name=seat][value="${seat.dataset.seat}"]`);

const seatsOf = (svg) => [...svg.querySelectorAll("[data-seat]")].filter(boxOf);

function mirror(seat) {
  const { checked } = boxOf(seat);
  seat.setAttribute("aria-checked", checked);
  seat.classList.toggle("on", checked);
}

function enliven(svg) {
  const seats = seatsOf(svg);
  if (!seats.length || svg.dataset.alive) return;
  svg.dataset.alive = "1";
  svg.setAttribute("role", "group");
  svg.parentElement.removeAttribute("tabindex");
  seats.forEach((seat, number) => {
    seat.setAttribute("role", "checkbox");
    seat.setAttribute("tabindex", number ? "-1" : "0");
    seat.setAttribute("aria-label", boxOf(seat).closest("label").textContent.trim().replace(/\s+/g, " "));
    mirror(seat);
  });
}

function toggle(seat) {
  const box = boxOf(seat);
  box.checked = !box.checked;
  box.dispatchEvent(new Event("change", { bubbles: true }));
}

const middle = (seat) => {
  const { left, top, width, height } = seat.getBoundingClientRect();
  return [left + width / 2, top + height / 2];
};

const STEPS = { ArrowRight: [1, 0], ArrowLeft: [-1, 0], ArrowDown: [0, 1], ArrowUp: [0, -1] };

// The next seat in a direction: what lies ahead, the less aside the better.
function neighbour(seat, [dx, dy]) {
  const [x, y] = middle(seat);
  let best = null;
  let least = Infinity;
  for (const other of seatsOf(seat.ownerSVGElement)) {
    const [ox, oy] = middle(other);
    const ahead = (ox - x) * dx + (oy - y) * dy;
    const aside = Math.abs((ox - x) * dy) + Math.abs((oy - y) * dx);
    if (ahead > 1 && ahead + 3 * aside < least) { best = other; least = ahead + 3 * aside; }
  }
  return best;
}

function walk(from, to) {
  from.setAttribute("tabindex", "-1");
  to.setAttribute("tabindex", "0");
  to.focus();
}

document.addEventListener("click", (event) => {
  const seat = event.target.closest?.("[data-seat][role=checkbox]");
  if (!seat) return;
  const old = seat.ownerSVGElement.querySelector("[data-seat][tabindex='0']");
  walk(old ?? seat, seat);
  toggle(seat);
});

document.addEventListener("keydown", (event) => {
  const seat = event.target.closest?.("[data-seat][role=checkbox]");
  if (!seat) return;
  if (event.key === " " || event.key === "Enter") { event.preventDefault(); toggle(seat); return; }
  const step = STEPS[event.key];
  if (!step) return;
  event.preventDefault();
  const next = neighbour(seat, step);
  if (next) walk(seat, next);
});

document.addEventListener("change", (event) => {
  if (!event.target.matches("input[name=seat]")) return;
  document.querySelectorAll(`[data-seat="${event.target.value}"][role=checkbox]`).forEach(mirror);
});

const prepareAll = () => document.querySelectorAll(".plan svg").forEach(enliven);
document.addEventListener("htmx:afterSettle", prepareAll);
document.addEventListener("DOMContentLoaded", prepareAll);
