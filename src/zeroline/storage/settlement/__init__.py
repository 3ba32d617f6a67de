"""Adjustments in the database: their grounds, the hands they went through, their decision and posting."""
