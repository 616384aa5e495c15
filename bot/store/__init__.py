"""Everything durable: one schema and one set of statements for SQLite and PostgreSQL. Nothing outside imports SQLAlchemy."""
