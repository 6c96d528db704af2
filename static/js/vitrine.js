// Small comforts on top of pages that work without them. No texts in here.

// Steppers: buttons that were hidden without JavaScript change the number beside them.
const stepper = (button) => button.closest(".step")?.querySelector("input[type=number]");

const limits = (input) => ({
  min: Number(input.min || 0),
  max: input.max === "" ? Infinity : Number(input.max),
});

function refresh(input) {
  const { min, max } = limits(input);
  const value = Number(input.value) || 0;
  for (const button of input.closest(".step").querySelectorAll("button[data-by]")) {
    button.hidden = false;
    button.disabled = button.dataset.by < 0 ? value <= min : value >= max;
  }
}

function prepare(root) {
  root.querySelectorAll(".step input[type=number]").forEach(refresh);
  root.querySelectorAll("[data-script-only]").forEach((part) => { part.hidden = false; });
  root.querySelectorAll("[data-without-script]").forEach((part) => { part.hidden = true; });
}

document.addEventListener("click", (event) => {
  const button = event.target.closest("button[data-by]");
  const input = button && stepper(button);
  if (!input) return;
  const { min, max } = limits(input);
  const value = Math.min(max, Math.max(min, (Number(input.value) || 0) + Number(button.dataset.by)));
  input.value = value;
  input.dispatchEvent(new Event("input", { bubbles: true }));
  input.dispatchEvent(new Event("change", { bubbles: true }));
});

document.addEventListener("input", (event) => {
  if (event.target.matches(".step input[type=number]")) refresh(event.target);
});

// Forms that save themselves when something in them changes.
document.addEventListener("change", (event) => {
  event.target.closest("form[data-submit-on-change]")?.requestSubmit();
});

// While a form takes the visitor elsewhere, no answer to an older question may refresh the page under it.
let leaving = false;
for (const moment of ["htmx:beforeRequest", "htmx:beforeOnLoad"]) {
  document.addEventListener(moment, (event) => { if (leaving) event.preventDefault(); });
}

// What asks again by itself does not take a form away from whoever is filling it in.
document.addEventListener("htmx:beforeRequest", (event) => {
  const writing = document.activeElement?.matches("input, select, textarea");
  if (writing && event.target.matches("[data-asks-again]") && event.detail.target.contains(document.activeElement)) event.preventDefault();
});

// A form is sent once; the page that comes back is fresh. Coming back with the Back button frees it again.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.dataset.sent) { event.preventDefault(); return; }
  if (form.method !== "post") return;
  form.dataset.sent = "1";
  leaving = true;
});
window.addEventListener("pageshow", () => {
  leaving = false;
  document.querySelectorAll("form[data-sent]").forEach((form) => { delete form.dataset.sent; });
});

// After a part was swapped, the focus goes where the visitor is to read on.
document.addEventListener("htmx:afterSettle", (event) => {
  prepare(document);
  if (event.detail.requestConfig?.elt.matches("[data-asks-again]")) return;
  const goal = event.detail.target?.querySelector?.("[data-focus]");
  if (goal && goal !== document.activeElement) goal.focus({ preventScroll: goal.dataset.focus === "still" });
});

// An error summary is read first.
document.addEventListener("DOMContentLoaded", () => {
  prepare(document);
  document.querySelector(".errors")?.focus();
});
