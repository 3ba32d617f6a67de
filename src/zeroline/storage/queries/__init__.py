"""The read side: what lists, cases and searches show, each in a few set-based queries."""
