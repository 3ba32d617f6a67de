"""Count sheets in the database: what is asked for, typed blind, submitted, and how it turned out.

``blind`` is all that a counter's screen needs; it names no table of the ledger or of expectations.
"""
