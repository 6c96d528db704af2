"""Addresses of orders. The secret in a link is the only key to an order."""

from django.urls import path

from orders import (
    cancel_views,
    card_views,
    demo_views,
    finding_views,
    law_views,
    paper_views,
    rating_views,
    ticket_views,
    views,
    withdrawal_views,
)

app_name = "orders"
urlpatterns = [
    path("order/<str:secret>/", views.order, name="order"),
    path("order/<str:secret>/state/", views.state, name="state"),
    path("order/<str:secret>/pay/", views.pay, name="pay"),
    path("order/<str:secret>/method/", views.method, name="method"),
    path("order/<str:secret>/tickets.pdf", paper_views.tickets_pdf, name="tickets_pdf"),
    path("order/<str:secret>/documents/<int:pk>.pdf", paper_views.document, name="document"),
    path("order/<str:secret>/resend/", paper_views.resend, name="resend"),
    path("order/<str:secret>/texts/<slug:name>/", law_views.agreed_text, name="agreed_text"),
    path("order/<str:secret>/tickets/<int:number>/", ticket_views.ticket, name="ticket"),
    path("order/<str:secret>/tickets/<int:number>/share/", ticket_views.share, name="share"),
    path("order/<str:secret>/tickets/<int:number>/unshare/", ticket_views.unshare, name="unshare"),
    path("order/<str:secret>/tickets/<int:number>/visit.ics", ticket_views.visit, name="visit"),
    path("order/<str:secret>/tickets/<int:number>/ticket.pkpass", ticket_views.wallet, name="pass"),
    path("order/<str:secret>/cancel/", cancel_views.choose, name="cancel"),
    path("order/<str:secret>/cancel/confirm/", cancel_views.confirm, name="cancel_confirm"),
    path("order/<str:secret>/cards/", card_views.overview, name="cards"),
    path("order/<str:secret>/cards/<int:pk>/", card_views.card, name="card"),
    path("order/<str:secret>/rate/", rating_views.rate, name="rate"),
    path("ticket/<str:secret>/", ticket_views.shared, name="shared"),
    path("ticket/<str:secret>/visit.ics", ticket_views.shared_visit, name="shared_visit"),
    path("ticket/<str:secret>/ticket.pkpass", ticket_views.shared_wallet, name="shared_pass"),
    path("ticket/<str:secret>/ticket.pdf", ticket_views.shared_pdf, name="shared_pdf"),
    path("orders/", finding_views.find, name="find"),
    path("orders/sent/", finding_views.links_sent, name="links_sent"),
    path("withdraw/", withdrawal_views.withdraw, name="withdraw"),
    path("withdraw/confirm/", withdrawal_views.confirm, name="withdraw_confirm"),
    path("withdraw/receipt/<str:secret>/", withdrawal_views.withdrawn, name="withdrawn"),
    path("demo/mail/", paper_views.letter_box, name="mailbox"),
    path("demo/mail/<str:name>/", paper_views.letter, name="letter"),
    path("demo/mail/<str:name>/<int:number>/", paper_views.attachment, name="attachment"),
    path("demo/pay/<str:ref>/", demo_views.demo_pay, name="demo_pay"),
]
