"""The checkout: contact, names, payment, review. Every step is a page of its own and loses nothing."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from catalog import reference
from checkout import addresses, agreement, consent, context, cookies, holding, newsletter, placing
from checkout.forms import ContactForm, NamesForm, PaymentForm, ReviewForm
from checkout.overview import overview
from checkout.placing import Changed
from checkout.progress import Progress
from counter import selling
from orders.models import Order
from orders.payments.methods import LABELS
from shop.dates import clock
from shop.gateway import UpstreamState, upstream_state
from shop.money import format_money

page = require_http_methods(["GET", "HEAD", "POST"])


@require_safe
@never_cache
def start(request: HttpRequest) -> HttpResponse:
    """The first step there is something to ask at: who bought before in this session is not asked again."""
    progress = _progress(request, "contact")
    return progress if isinstance(progress, HttpResponse) else redirect(f"checkout:{progress.next_step()}")


@page
@never_cache
def contact(request: HttpRequest) -> HttpResponse:
    """Who buys."""
    progress = _progress(request, "contact")
    if isinstance(progress, HttpResponse):
        return progress
    if "forget" in request.POST:
        progress.forget()
        return redirect("checkout:contact")
    start = progress.answers("contact")
    if progress.seller and not start:
        start = {"email": settings.CONTACT_EMAIL}  # of who stands here and has none at hand
    form = ContactForm(_sent(request), initial=start)
    return _step(request, progress, "contact", form)


@page
@never_cache
def names(request: HttpRequest) -> HttpResponse:
    """Who comes, where the museum wants to know."""
    progress = _progress(request, "names")
    if isinstance(progress, HttpResponse):
        return progress
    form = NamesForm(progress.named, _sent(request), initial=progress.answers("names"))
    return _step(request, progress, "names", form)


@page
@never_cache
def payment(request: HttpRequest) -> HttpResponse:
    """How to pay."""
    progress = _progress(request, "payment")
    if isinstance(progress, HttpResponse):
        return progress
    start = {"method": progress.methods[0], **progress.answers("payment")}
    form = PaymentForm(progress.methods, _sent(request), initial=start)
    return _step(request, progress, "payment", form)


@page
@never_cache
def review(request: HttpRequest) -> HttpResponse:
    """Everything once more, and the button that orders."""
    progress = _progress(request, "review")
    if isinstance(progress, HttpResponse):
        return progress
    form = ReviewForm(reference.newsletters(), _sent(request))
    if not form.is_bound:
        return _review(request, progress, form, 200)
    if not form.is_valid():
        return _review(request, progress, form, 422)
    state = upstream_state()
    if not state.ok:
        messages.error(request, _paused(state))
        return _review(request, progress, form, 503)
    cookies.remember(request, placing.key_of(progress.basket))
    try:
        order = placing.order_basket(progress, request.POST.get("agreed", ""))
    except Changed as change:
        cookies.forget(request)
        messages.error(request, _what_changed(change, progress))
        return redirect("checkout:review")  # to what is in the basket now
    newsletter.ask(email=order.email, wanted=form.cleaned_data["newsletters"])
    return _on_to(order, progress)


def _on_to(order: Order, progress: Progress) -> HttpResponseRedirect:
    """To the order; who sells at the counter sees what to take for it, and starts afresh with the next customer."""
    if progress.seller:
        progress.forget()
        return redirect("admin:counter_sale", order.pk)
    return redirect("orders:order", secret=order.secret)


def _review(request: HttpRequest, progress: Progress, form: forms.Form, status: int) -> HttpResponse:
    buyer = progress.buyer()
    terms, privacy = (reverse("pages:legal", args=[name]) for name in ("terms", "privacy"))
    return _render(
        request,
        progress,
        "review",
        form,
        status,
        agreed=placing.agreed(progress),
        buyer=buyer,
        country=addresses.country_name(buyer.country) if buyer.country else "",
        people=[person for one in progress.named for person in progress.attendees(one)],
        method_label=LABELS[progress.method],
        confirmation=consent.as_html(terms, privacy),
        rights=agreement.notice(progress.seen),
        newsletter_wording=newsletter.wording(),
    )


def _paused(state: UpstreamState) -> str:
    """Why nothing can be ordered now, and when to try again."""
    told = _(
        "The museums’ ticket system does not answer, so nothing can be ordered now. Your basket is kept."
    )
    if state.retry_at is None:
        return told
    time = clock(state.retry_at, get_language() or settings.LANGUAGE_CODE)
    return f"{told} {_('We try again at %(time)s.') % {'time': time}}"


def _what_changed(change: Changed, progress: Progress) -> str:
    new = progress.seen.total_cents
    if change.old_cents in (None, new):
        return _("Something has changed since you saw this page. Please look at your order once more.")
    language = get_language() or settings.LANGUAGE_CODE
    sums = {
        "new": format_money(new, settings.CURRENCY, language),
        "old": format_money(change.old_cents or 0, settings.CURRENCY, language),
    }
    return _("The total is now %(new)s instead of %(old)s. Please order again if you agree.") % sums


def _progress(request: HttpRequest, step: str) -> Progress | HttpResponseRedirect:
    """How far the buyer is, or where to go instead: the order under way, the basket, an earlier step."""
    mine = cookies.look(request)
    if mine.order:
        return redirect("orders:order", secret=mine.order.secret)
    seen = overview(mine.basket, holding.keep(mine.basket) if mine.basket else ())
    if mine.basket is None or not seen.orderable:
        return redirect("checkout:basket")
    progress = Progress(request.session, mine.basket, seen, selling.seller(request.user))
    if step not in progress.steps:
        return redirect(f"checkout:{progress.next_step()}")
    if earlier := progress.missing_before(step):
        messages.info(request, _("Please fill in this step first."))
        return redirect(f"checkout:{earlier}")
    return progress


def _sent(request: HttpRequest) -> Any:
    return request.POST if request.method == "POST" else None


def _step(request: HttpRequest, progress: Progress, step: str, form: forms.Form) -> HttpResponse:
    """Take the answers and go on, or show the form with what is wrong."""
    if form.is_bound and form.is_valid():
        progress.answer(step, form.cleaned_data)
        return redirect(f"checkout:{progress.next_step()}")
    return _render(request, progress, step, form, 422 if form.is_bound else 200)


def _render(
    request: HttpRequest, progress: Progress, step: str, form: forms.Form, status: int, **more: Any
) -> HttpResponse:
    facts = {
        "progress": progress,
        "overview": progress.seen,
        "basket_summary": context.of_overview(progress.seen),
        "form": form,
        "trail": progress.trail(step),
        **more,
    }
    return render(request, f"checkout/{step}.html", facts, status=status)
