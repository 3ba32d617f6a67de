"""What the reports say: frozen rows as of one instant, re-derived so that a re-run says the same."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING

from zeroline.domain.accuracy import Accuracy, CountedLine, accuracy
from zeroline.domain.episode import unit_days_of, value_days_of
from zeroline.domain.errors import DomainError
from zeroline.domain.instant import DAY
from zeroline.domain.person import Person, Right, require
from zeroline.domain.quantity import half_even
from zeroline.domain.views.explanation import Explained, Standing
from zeroline.domain.views.reporting import (
    AccuracyBy,
    ApprovedRow,
    Basis,
    CoverageRow,
    Exceptions,
    Measures,
    NegativeRow,
    Reconciliation,
    ReconciliationLine,
    Register,
    Scope,
)
from zeroline.domain.views.trail import CaseThen
from zeroline.storage import policies
from zeroline.storage.engine import Database
from zeroline.storage.keys import key_facts
from zeroline.storage.reporting.basis import basis, currencies
from zeroline.storage.reporting.costs import costs
from zeroline.storage.reporting.counts import reconciliation_lines, sheets
from zeroline.storage.reporting.explanations import Explanations
from zeroline.storage.reporting.ledger import active, episodes_as_of, movements, roll_forward
from zeroline.storage.reporting.settlement import approved_rows, planned_keys_by_class
from zeroline.storage.reporting.standing import (
    cases_by_key,
    posted_for_cases,
    settled_cases,
)
from zeroline.storage.reporting.trail import case_then

if TYPE_CHECKING:
    from zeroline.storage.engine import Connection

YEAR = 365 * DAY


class Reporting:
    """Collects the rows of each report. ``actor`` None is the headless program, named in the header."""

    def __init__(self, database: Database) -> None:
        self.database = database

    def reconciliation(self, actor: Person | None, scope: Scope) -> Reconciliation:
        """Report (a) over the scope.

        Raises DomainError ``not-allowed``, ``site-unknown``, ``currencies-mixed`` (currencies).
        """
        with self._reading(actor) as connection:
            ground = self._money(connection, actor, scope)
            causes = Explanations(connection, scope.as_of)
            lines = reconciliation_lines(connection, scope, ground, causes)
            approvals = approved_rows(connection, scope, ground, causes)
            negatives = self._negatives(connection, scope, ground, causes)
            due = self._due(connection, scope, ground)
            return Reconciliation(
                basis=ground,
                sheets=tuple(sheets(connection, scope)),
                lines=tuple(lines),
                coverage=_coverage(lines, due),
                total=_accuracy(lines),
                groups=tuple(_groups(lines)),
                roll_forward=tuple(roll_forward(connection, scope, ground)),
                negatives=tuple(negatives),
                approvals=tuple(approvals),
                measures=self._measures(connection, scope, ground, negatives, approvals, lines),
            )

    def exceptions(self, actor: Person | None, scope: Scope) -> Exceptions:
        """Report (b) over the scope. Raises as :meth:`reconciliation`."""
        with self._reading(actor) as connection:
            ground = self._money(connection, actor, scope)
            negatives = self._negatives(connection, scope, ground, Explanations(connection, scope.as_of))
            measures = self._measures(connection, scope, ground, negatives, [], [])
            return Exceptions(ground, tuple(negatives), measures)

    def register(self, actor: Person | None, scope: Scope) -> Register:
        """Report (d) over the scope. Raises as :meth:`reconciliation`."""
        with self._reading(actor) as connection:
            ground = self._money(connection, actor, scope)
            causes = Explanations(connection, scope.as_of)
            return Register(ground, tuple(approved_rows(connection, scope, ground, causes)))

    def basis(self, actor: Person | None, scope: Scope) -> Basis:
        """The header facts alone, for reports that other services collect the rows of."""
        with self._reading(actor) as connection:
            return self._basis(connection, actor, scope)

    def case(self, actor: Person | None, case_id: int, scope: Scope) -> tuple[Basis, CaseThen]:
        """Report (e): the case as it stood. Raises DomainError ``not-allowed`` and ``case-unknown``."""
        with self._reading(actor) as connection:
            ground = self._basis(connection, actor, scope)
            return ground, case_then(connection, case_id, scope, ground)

    def _money(self, connection: Connection, actor: Person | None, scope: Scope) -> Basis:
        """The basis of a report that adds up money: one currency only."""
        found = currencies(connection)
        if not scope.site and len(found) > 1:
            raise DomainError("currencies-mixed", currencies=found, field="site")
        return self._basis(connection, actor, scope)

    def _reading(self, actor: Person | None) -> AbstractContextManager[Connection]:
        if actor is not None:
            require(actor, Right.REPORT)
        return self.database.read()

    def _basis(self, connection: Connection, actor: Person | None, scope: Scope) -> Basis:
        return basis(connection, scope, self.database.clock(), actor.name if actor is not None else "")

    def _due(self, connection: Connection, scope: Scope, ground: Basis) -> dict[str, int]:
        """Lines policy wanted counted in the period, by ABC class: keys × counts a year × years."""
        if not ground.policy:
            return {}
        a_year = policies.one(connection, ground.policy).policy.counts_per_year
        keys = planned_keys_by_class(connection, scope, ground)
        return {
            abc: half_even(count * a_year.get(abc, 0) * (scope.as_of - scope.since), YEAR)
            for abc, count in keys.items()
        }

    def _negatives(
        self, connection: Connection, scope: Scope, ground: Basis, causes: Explanations
    ) -> list[NegativeRow]:
        found, on_hand = episodes_as_of(connection, scope, ground)
        facts = key_facts(connection, {episode.key for episode, _ in found}, ground.known_by)
        cost = costs(connection, ground.known_by)
        named = movements(
            connection,
            {episode.opening_sequence for episode, _ in found}
            | {episode.closing_sequence for episode, _ in found if episode.closing_sequence is not None},
        )
        cases = cases_by_key(connection, scope.as_of)
        parts = {
            (episode.key, episode.opening_sequence): causes.crossing(case[0], episode.opening_sequence)
            for episode, _ in found
            if (case := cases.get((episode.key, episode.opening_sequence))) is not None
        }
        why = causes.explained(parts.values())
        posted = posted_for_cases(connection, scope.as_of)
        rows = []
        for episode, before in found:
            key = facts[episode.key]
            unit_cost = cost.get(key.item_id, 0)
            crossing = (episode.key, episode.opening_sequence)
            case_id, outcome = cases.get(crossing, (None, ""))
            within = episode.shortfall - before
            rows.append(
                NegativeRow(
                    key=key,
                    unit_cost=unit_cost,
                    started_at=episode.started_at,
                    ended_at=episode.ended_at,
                    depth=episode.depth,
                    on_hand=on_hand.get(episode.key, 0),
                    unit_days=episode.unit_days,
                    value_days=episode.value_days(unit_cost),
                    transient=episode.transient,
                    crossing=named[episode.opening_sequence],
                    closing=named.get(episode.closing_sequence) if episode.closing_sequence else None,
                    case_id=case_id,
                    why=why[parts[crossing]] if crossing in parts else Explained(Standing.NO_CASE),
                    outcome=outcome,
                    adjustments=posted.get(case_id, ()) if case_id is not None else (),
                    age=episode.duration,
                    days_within=episode.measured_to - max(episode.started_at, scope.since),
                    unit_days_within=unit_days_of(within),
                    value_days_within=value_days_of(within, unit_cost),
                )
            )
        rows.sort(key=lambda row: (not row.is_open, -row.value_days, row.key.item, row.key.location))
        return rows

    def _measures(
        self,
        connection: Connection,
        scope: Scope,
        ground: Basis,
        negatives: list[NegativeRow],
        approvals: list[ApprovedRow],
        lines: list[ReconciliationLine],
    ) -> Measures:
        ages = [row.age for row in negatives if row.ended_at is not None]
        posted = [
            row.quantity
            for row in approvals
            if row.posted_at is not None and scope.since <= row.posted_at <= scope.as_of
        ]
        keys, items = active(connection, scope, ground)
        closed, recurred = settled_cases(connection, scope.since, scope.as_of, scope.site)
        return Measures(
            period=scope.as_of - scope.since,
            episodes=len(negatives),
            closed=len(ages),
            transient=sum(row.transient for row in negatives),
            negative_keys=len({row.key.key_id for row in negatives if row.is_open}),
            active_keys=keys,
            active_items=items,
            days_negative=sum(row.days_within for row in negatives),
            unit_days=sum(row.unit_days_within for row in negatives),
            value_days=sum(row.value_days_within for row in negatives),
            mean_closed=half_even(sum(ages), len(ages)) if ages else None,
            adjustments=len(posted),
            adjusted_up=sum(quantity > 0 for quantity in posted),
            adjusted_down=sum(quantity < 0 for quantity in posted),
            items_counted=len({line.key.item_id for line in lines if line.final is not None}),
            lines_counted=sum(line.first is not None for line in lines),
            accepted_at_first=sum(line.final is not None and line.recount is None for line in lines),
            cases_closed=closed,
            cases_recurred=recurred,
        )


def _accuracy(lines: Iterable[ReconciliationLine]) -> Accuracy:
    return accuracy(
        CountedLine(line.expected, line.final, line.unit_cost, line.within)
        for line in lines
        if line.expected is not None and line.final is not None
    )


_BY: tuple[tuple[str, Callable[[ReconciliationLine], str]], ...] = (
    ("class", lambda line: line.key.abc_class),
    ("cause", lambda line: line.cause),
    ("user", lambda line: line.first.person if line.first is not None else ""),
    ("location", lambda line: " ".join(part for part in (line.key.warehouse, line.key.zone) if part)),
)


def _groups(lines: list[ReconciliationLine]) -> Iterable[AccuracyBy]:
    counted = [line for line in lines if line.final is not None]
    for by, name_of in _BY:
        grouped: dict[str, list[ReconciliationLine]] = defaultdict(list)
        for line in counted:
            grouped[name_of(line)].append(line)
        for name in sorted(grouped):
            yield AccuracyBy(by, name, _accuracy(grouped[name]))


def _coverage(lines: list[ReconciliationLine], due: dict[str, int]) -> tuple[CoverageRow, ...]:
    classes = sorted({line.key.abc_class for line in lines} | set(due), key=lambda abc: (abc == "", abc))
    planned = Counter(line.key.abc_class for line in lines)
    counted = Counter(line.key.abc_class for line in lines if line.final is not None)
    waiting = Counter(line.key.abc_class for line in lines if line.first is not None and line.final is None)
    recounted = Counter(line.key.abc_class for line in lines if line.recount is not None)
    return tuple(
        CoverageRow(
            abc,
            due.get(abc, 0),
            planned[abc],
            counted[abc],
            recounted[abc],
            waiting[abc],
            planned[abc] - counted[abc] - waiting[abc],
        )
        for abc in classes
    )
