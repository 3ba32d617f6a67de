"""The inventory database on a PostgreSQL server: connections, functions, guards, people and their access."""
