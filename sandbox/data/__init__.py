"""The invented city: houses, exhibitions, tickets. Dates are relative to today, so nothing here goes stale."""
