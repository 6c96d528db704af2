"""What the sandbox sells, and how many places there are."""
