"""Selling at the counter: staff with a basket of the shop."""

from django.apps import AppConfig


class CounterConfig(AppConfig):
    name = "counter"
