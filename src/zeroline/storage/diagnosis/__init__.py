"""Neighbourhoods gathered for diagnosis, and what came of it kept with the cases."""
