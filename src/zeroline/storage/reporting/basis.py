"""The cut: which movements and which audit entries a report as of an instant rests on."""

from __future__ import annotations

from sqlalchemy import ColumnElement, Connection, and_, func, select, true

from zeroline.domain.audit import GENESIS
from zeroline.domain.errors import DomainError
from zeroline.domain.views.reporting import Basis, Scope
from zeroline.storage import elsewhere
from zeroline.storage.schema import (
    adjustment,
    audit_entry,
    count_sheet,
    import_run,
    location,
    movement,
    policy_version,
    setting,
    site,
    stock_key,
)


def basis(connection: Connection, scope: Scope, now: int, generated_by: str) -> Basis:
    """The basis of a report over ``scope``, run at ``now``. DomainError ``site-unknown`` (site)."""
    first_known = connection.scalar(select(func.min(import_run.c.at)))
    known_by = now if first_known is None or scope.as_of < first_known else scope.as_of
    last_seq = _last_seq(connection, scope, known_by, now)
    head = connection.execute(
        select(audit_entry.c.seq, audit_entry.c.hash)
        .where(audit_entry.c.at <= known_by)
        .order_by(audit_entry.c.seq.desc())
        .limit(1)
    ).first()
    if scope.site and connection.scalar(select(site.c.id).where(site.c.code == scope.site)) is None:
        raise DomainError("site-unknown", site=scope.site, field="site")
    where = connection.execute(
        select(site.c.name, site.c.code, site.c.zone, site.c.currency)
        .where(site.c.code == scope.site if scope.site else true())
        .order_by(site.c.id)
    ).first()
    policy = connection.scalar(
        select(func.max(policy_version.c.version)).where(policy_version.c.at <= known_by)
    )
    sheet = (
        connection.scalar(select(count_sheet.c.number).where(count_sheet.c.id == scope.sheet_id)) or ""
        if scope.sheet_id
        else ""
    )
    return Basis(
        entity=connection.scalar(select(setting.c.value).where(setting.c.key == "entity")) or "",
        site=(where.name or where.code) if where is not None and scope.site else "",
        zone=where.zone if where is not None else "UTC",
        currency=where.currency if where is not None else "EUR",
        since=scope.since,
        as_of=scope.as_of,
        known_by=known_by,
        last_seq=last_seq,
        policy=policy or 0,
        chain_position=head.seq if head else 0,
        chain_head=head.hash if head else GENESIS,
        generated_at=now,
        generated_by=generated_by,
        cut_off=_cut_off(connection, scope, last_seq),
        sheet=sheet,
        limited=() if scope.site else _limited(connection),
    )


def _limited(connection: Connection) -> tuple[str, ...]:
    """Codes of the sites whose rows alone the report has, for who is limited to them; else none."""
    if not elsewhere.limited(connection):
        return ()
    return tuple(connection.scalars(select(site.c.code).order_by(site.c.code)))


def currencies(connection: Connection) -> tuple[str, ...]:
    """The currencies of all sites."""
    return tuple(connection.scalars(select(site.c.currency).distinct().order_by(site.c.currency)))


def _last_seq(connection: Connection, scope: Scope, known_by: int, now: int) -> int:
    if known_by >= now:  # what is recorded after as_of does not count, whoever brought it since
        counted = select(func.max(movement.c.seq)).where(movement.c.recorded_at <= scope.as_of)
        return int(connection.scalar(counted) or 0)
    imported = (
        connection.scalar(select(func.max(import_run.c.last_seq)).where(import_run.c.at <= known_by)) or 0
    )
    posted = (
        connection.scalar(
            select(func.max(movement.c.seq))
            .join(adjustment, adjustment.c.id == movement.c.adjustment_id)
            .where(adjustment.c.posted_at <= known_by)
        )
        or 0
    )
    return max(int(imported), int(posted))


def _cut_off(connection: Connection, scope: Scope, last_seq: int) -> tuple[tuple[str, str, int], ...]:
    """The last document of each kind of movement: what was still in, and where the cut lies."""
    here: ColumnElement[bool] = true()
    if scope.site:
        here = movement.c.key_id.in_(
            select(stock_key.c.id)
            .join(location, location.c.id == stock_key.c.location_id)
            .join(site, site.c.id == location.c.site_id)
            .where(site.c.code == scope.site)
        )
    newest = (
        select(movement.c.kind, func.max(movement.c.recorded_at).label("at"))
        .where(
            movement.c.seq <= last_seq, movement.c.recorded_at <= scope.as_of, movement.c.document != "", here
        )
        .group_by(movement.c.kind)
        .subquery()
    )
    rows = connection.execute(
        select(movement.c.kind, func.max(movement.c.document).label("document"), newest.c.at)
        .join(newest, and_(newest.c.kind == movement.c.kind, newest.c.at == movement.c.recorded_at))
        .where(movement.c.seq <= last_seq, movement.c.document != "", here)
        .group_by(movement.c.kind, newest.c.at)
        .order_by(movement.c.kind)
    )
    return tuple((row.kind, row.document, row.at) for row in rows)
