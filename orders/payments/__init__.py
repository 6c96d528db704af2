"""Ways to pay: the port, and an adapter for each provider. The book of payments is kept in `orders.desk`."""
