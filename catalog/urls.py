"""Addresses of the catalogue."""

from django.urls import path

from catalog import day_views, programme_views, tour_views, undated_views, views

app_name = "catalog"
urlpatterns = [
    path("", views.home, name="home"),
    path("find/", views.find, name="find"),
    path("museums/", views.museums, name="museums"),
    path("museums/<int:pk>/", views.museum, name="museum"),
    path("exhibitions/", views.exhibitions, name="exhibitions"),
    path("exhibitions/<int:pk>/", views.exhibition, name="exhibition"),
    path("events/", programme_views.event_list, name="events"),
    path("events/<int:pk>/", programme_views.event, name="event"),
    path("events/<int:pk>/<int:date_id>.ics", programme_views.event_ics, name="event_ics"),
    path("tickets/<int:pk>/", views.ticket, name="ticket"),
    path("vouchers/", undated_views.vouchers, name="vouchers"),
    path("day/<str:text>/", day_views.day, name="day"),
    path("museums/<int:pk>/days/", day_views.museum_days, name="museum_days"),
    path("exhibitions/<int:pk>/days/", day_views.exhibition_days, name="exhibition_days"),
    path("tours/", tour_views.tours, name="tours"),
    path("tours/<int:pk>/", tour_views.tour, name="tour"),
]
