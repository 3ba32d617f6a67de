"""Everything of a database file carried over to a server, compared there, and only then opened."""
