"""The table of fingerprints: which function looks for which cause, and how common the cause is beforehand.

Adding a cause: one function in ``fingerprints``, one row here, one fault in the simulator.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from types import MappingProxyType
from typing import Final, TypeAlias

from zeroline.domain.diagnosis.fingerprints import (
    counts,
    locations,
    losses,
    other_bin,
    pack_size,
    picking,
    production,
    receiving,
    returns,
    shipping,
    systems,
    timing,
    unbooked,
    units,
)
from zeroline.domain.diagnosis.hypothesis import Finding
from zeroline.domain.diagnosis.neighbourhood import Neighbourhood

Fingerprint: TypeAlias = Callable[[Neighbourhood], Iterable[Finding]]

FINGERPRINTS: Final[tuple[tuple[str, Fingerprint], ...]] = (
    ("T1", timing.receipt_posted_late),
    ("T2", timing.issue_before_receipt),
    ("T3", timing.transfer_leg_late),
    ("T4", timing.backflush_before_supply),
    ("T5", timing.document_changed),
    ("T6", timing.interface_held_back),
    ("R1", receiving.short_receipt),
    ("R2", receiving.wrong_item),
    ("R3", receiving.wrong_bin_or_lot),
    ("R4", unbooked.not_recorded),
    ("R5", unbooked.twice),
    ("K1", picking.wrong_item),
    ("K2", other_bin.taken_elsewhere),
    ("K3", picking.wrong_quantity),
    ("K4", shipping.shipped_not_recorded),
    ("K5", shipping.confirmed_twice),
    ("M1", locations.found),
    ("M2", locations.moved),
    ("M3", locations.put_away_wrongly),
    ("M4", locations.wrong_status),
    ("U1", units.conversion),
    ("U2", pack_size.wrong_size),
    ("U3", units.cross_reference),
    ("U4", units.bill_of_material),
    ("U5", units.lot_master),
    ("P1", production.scrap),
    ("P2", production.output),
    ("P3", production.twice),
    ("P4", production.substitute),
    ("N1", returns.not_recorded),
    ("N2", returns.wrong_condition),
    ("L1", losses.damaged),
    ("L3", losses.expired),
    ("L5", losses.unexplained),
    ("C1", counts.miscounted),
    ("C2", counts.cut_off),
    ("C3", counts.other_bin),
    ("C4", counts.keyed_wrongly),
    ("S1", systems.defect),
    ("S2", systems.message_twice),
    ("S3", systems.forced),
    ("S4", systems.opening),
)

PRIORS: Final[Mapping[str, float]] = MappingProxyType(
    {
        "T1": 0.12, "T2": 0.10, "T3": 0.06, "T4": 0.05, "T5": 0.03, "T6": 0.05,
        "R1": 0.03, "R2": 0.03, "R3": 0.03, "R4": 0.05, "R5": 0.03,
        "K1": 0.03, "K2": 0.04, "K3": 0.03, "K4": 0.03, "K5": 0.03,
        "M1": 0.02, "M2": 0.03, "M3": 0.03, "M4": 0.02,
        "U1": 0.04, "U2": 0.02, "U3": 0.02, "U4": 0.02, "U5": 0.02,
        "P1": 0.02, "P2": 0.02, "P3": 0.02, "P4": 0.015,
        "N1": 0.02, "N2": 0.02,
        "L1": 0.015, "L3": 0.01, "L5": 0.03,
        "C1": 0.02, "C2": 0.015, "C3": 0.01, "C4": 0.015,
        "S1": 0.02, "S2": 0.02, "S3": 0.025, "S4": 0.025,
        "Z0": 0.30,
    }
)  # fmt: skip
"""How common each cause is before anything is seen.

An expert's first guess, from what the trade's literature names as frequent (timing first, then location and
receiving errors), not a measurement: what people confirm at a site soon outweighs it, see ``weighing``. Z0
is the share of shortages that leave no trace.
"""
