"""Orders and holds: prices, checks, states."""
