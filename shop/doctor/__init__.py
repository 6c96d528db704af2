"""Looks at the ticket system of the settings and says in plain words what is well and what is not."""
