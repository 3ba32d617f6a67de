"""What each report says: frozen rows in, a Document out; the sentences of the paper are here."""
