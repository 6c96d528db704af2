"""A stand-in go~mus: its own program, its own data, real HTTP. Knows nothing of the shop."""
