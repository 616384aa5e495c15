"""What is told to whom: alerts, notices, the outbox, and what a card says."""
