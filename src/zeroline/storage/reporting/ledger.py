"""Roll-forward and negatives, re-derived from the ledger as of an instant."""

from __future__ import annotations

from typing import Any, TypeAlias

import numpy as np
from sqlalchemy import ColumnElement, Connection, Select, case, func, select

from zeroline.domain.episode import Episode
from zeroline.domain.movement import MovementKind as Kind
from zeroline.domain.replay import MovementColumns, replay
from zeroline.domain.views.reporting import Basis, CrossingMovement, RollForward, Scope
from zeroline.storage.keys import items_then
from zeroline.storage.reporting.costs import costs
from zeroline.storage.schema import balance, episode, item, location, movement, site, stock_key

_RECEIPTS = (Kind.RECEIPT, Kind.PRODUCTION_RECEIPT, Kind.CUSTOMER_RETURN, Kind.OPENING)
_ISSUES = (Kind.PICK, Kind.SHIPMENT, Kind.COMPONENT_ISSUE, Kind.SCRAP, Kind.SUPPLIER_RETURN)
_TRANSFERS = (Kind.TRANSFER_IN, Kind.TRANSFER_OUT, Kind.PUTAWAY)
_ADJUSTMENTS = (Kind.ADJUSTMENT, Kind.COUNT_CORRECTION)
GROUPS = {"receipts": _RECEIPTS, "issues": _ISSUES, "transfers": _TRANSFERS, "adjustments": _ADJUSTMENTS}


Query: TypeAlias = Select[*tuple[Any, ...]]


def _on_site(query: Query, scope: Scope) -> Query:
    if not scope.site:
        return query
    return query.where(
        location.c.site_id == select(site.c.id).where(site.c.code == scope.site).scalar_subquery()
    )


def roll_forward(connection: Connection, scope: Scope, basis: Basis) -> list[RollForward]:
    """Every item with movements in scope, by item code."""

    def total(when: ColumnElement[bool]) -> ColumnElement[int]:
        return func.coalesce(func.sum(case((when, movement.c.quantity), else_=0)), 0)

    counts = (movement.c.seq <= basis.last_seq) & (movement.c.recorded_at <= scope.as_of)
    before = movement.c.recorded_at < scope.since
    sums = [
        total(counts & before).label("opening"),
        *(
            total(counts & ~before & movement.c.kind.in_([kind.value for kind in kinds])).label(name)
            for name, kinds in GROUPS.items()
        ),
        total(counts).label("closing"),
        total(~counts).label("later"),
        func.sum(case((counts, 1), else_=0)).label("counted"),
    ]
    ledger = connection.execute(
        _on_site(
            select(stock_key.c.item_id, *sums)
            .select_from(movement)
            .join(stock_key, stock_key.c.id == movement.c.key_id)
            .join(location, location.c.id == stock_key.c.location_id)
            .group_by(stock_key.c.item_id),
            scope,
        )
    )
    kept = {
        row.item_id: int(row.on_hand)
        for row in connection.execute(
            _on_site(
                select(stock_key.c.item_id, func.sum(balance.c.on_hand).label("on_hand"))
                .join(balance, balance.c.key_id == stock_key.c.id)
                .join(location, location.c.id == stock_key.c.location_id)
                .group_by(stock_key.c.item_id),
                scope,
            )
        )
    }
    cost = costs(connection, basis.known_by)
    then = items_then(connection, basis.known_by)
    names = {row.id: row for row in connection.execute(select(item))}
    rows = [
        RollForward(
            item=names[row.item_id].code,
            description=then[row.item_id]["description"]
            if row.item_id in then
            else names[row.item_id].description,
            unit=then[row.item_id]["unit"] if row.item_id in then else names[row.item_id].base_unit,
            decimals=names[row.item_id].decimals,
            unit_cost=cost.get(row.item_id, 0),
            opening=row.opening,
            receipts=row.receipts,
            issues=row.issues,
            transfers=row.transfers,
            adjustments=row.adjustments,
            closing=row.closing,
            stored=kept.get(row.item_id, 0) - row.later,
        )
        for row in ledger
        if row.counted or kept.get(row.item_id, 0) != row.later  # items that came later are not of then
    ]
    return sorted(rows, key=lambda row: row.item)


def episodes_as_of(
    connection: Connection, scope: Scope, basis: Basis
) -> tuple[list[tuple[Episode, int]], dict[int, int]]:
    """Episodes of the scope's keys that touch the period, measured to ``as_of``, each with the part of its
    shortfall (micro-units × µs) that lies before the period; and every key's balance.

    Replayed from the ledger as it was known, so that a later back-dated movement changes no report of then.
    """
    query = _on_site(
        select(
            movement.c.key_id,
            movement.c.seq,
            movement.c.occurred_at,
            movement.c.recorded_at,
            movement.c.quantity,
        )
        .join(stock_key, stock_key.c.id == movement.c.key_id)
        .join(location, location.c.id == stock_key.c.location_id)
        .where(movement.c.seq <= basis.last_seq, movement.c.recorded_at <= scope.as_of)
        .order_by(movement.c.key_id, movement.c.recorded_at, movement.c.seq),
        scope,
    )
    if _is_present(connection, basis, scope):  # the kept episodes name the only keys worth replaying
        query = query.where(movement.c.key_id.in_(select(episode.c.key_id).distinct()))
    rows = connection.execute(query).fetchall()
    columns = [np.array(column, np.int64) for column in zip(*rows, strict=True)] or [
        np.zeros(0, np.int64)
    ] * 5
    played = replay(MovementColumns(*columns), as_of=scope.as_of)
    touching = [found for found in played.episodes if found.ended_at is None or found.ended_at >= scope.since]
    on_hand = dict(zip(played.balances.key.tolist(), played.balances.on_hand.tolist(), strict=True))
    earlier: dict[int, int] = {}
    if any(found.started_at < scope.since for found in touching):
        of_then = MovementColumns(*columns).take(columns[3] <= scope.since)
        earlier = {
            found.opening_sequence: found.shortfall
            for found in replay(of_then, as_of=scope.since).episodes
            if found.ended_at is None
        }
    return [(found, earlier.get(found.opening_sequence, 0)) for found in touching], on_hand


def _is_present(connection: Connection, basis: Basis, scope: Scope) -> bool:
    """Whether nothing in the ledger lies outside the cut, so that the kept episodes name the right keys."""
    later = connection.scalar(
        select(func.count()).where((movement.c.seq > basis.last_seq) | (movement.c.recorded_at > scope.as_of))
    )
    return not later


def active(connection: Connection, scope: Scope, basis: Basis) -> tuple[int, int]:
    """Stock keys and items in scope with any movement that counts."""
    row = connection.execute(
        _on_site(
            select(
                func.count(func.distinct(movement.c.key_id)), func.count(func.distinct(stock_key.c.item_id))
            )
            .select_from(movement)
            .join(stock_key, stock_key.c.id == movement.c.key_id)
            .join(location, location.c.id == stock_key.c.location_id)
            .where(movement.c.seq <= basis.last_seq, movement.c.recorded_at <= scope.as_of),
            scope,
        )
    ).one()
    return row[0], row[1]


def movements(connection: Connection, sequences: set[int]) -> dict[int, CrossingMovement]:
    """The named movements by sequence."""
    found: dict[int, CrossingMovement] = {}
    wanted = sorted(sequences)
    for start in range(0, len(wanted), 20_000):
        for row in connection.execute(
            select(
                movement.c.seq,
                movement.c.reference,
                movement.c.kind,
                movement.c.document,
                movement.c.user_name,
                movement.c.quantity,
                movement.c.recorded_at,
                movement.c.occurred_at,
            ).where(movement.c.seq.in_(wanted[start : start + 20_000]))
        ):
            found[row.seq] = CrossingMovement(*row[1:])
    return found
