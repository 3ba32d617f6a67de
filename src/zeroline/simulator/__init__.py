"""A deterministic warehouse with known faults: the demo, and ledgers with the truth beside them for tests."""
