"""The fingerprints: each looks for the trace that one cause leaves in the ledger and its documents."""
