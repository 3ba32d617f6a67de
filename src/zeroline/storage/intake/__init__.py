"""What intake reads and writes: master data, stock keys, references, runs and rejects, surroundings."""

from zeroline.storage.intake.catalogue import Catalogue, ItemFacts, LocationFacts
from zeroline.storage.intake.keys import Keys
from zeroline.storage.intake.references import Known, References, sums_up_to
from zeroline.storage.intake.runs import (
    delete_mapping,
    finish_run,
    rejects,
    runs,
    save_mapping,
    saved_mappings,
    start_run,
    store_problems,
)
from zeroline.storage.intake.surroundings import Balances, Documents, Reservations

__all__ = [
    "Balances",
    "Catalogue",
    "Documents",
    "ItemFacts",
    "Keys",
    "Known",
    "LocationFacts",
    "References",
    "Reservations",
    "delete_mapping",
    "finish_run",
    "rejects",
    "runs",
    "save_mapping",
    "saved_mappings",
    "start_run",
    "store_problems",
    "sums_up_to",
]
