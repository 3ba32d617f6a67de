"""Steps of counting: sheets, blind entry, submission, recounts, what nobody could reach, what was found."""

from __future__ import annotations

from typing import Any

from simulation.places import KEYS
from simulation.steps import Deed, Numbers, World, refused
from zeroline.domain.person import Right

SHEETS = "SELECT id FROM count_sheet WHERE state IN ('open', 'recount') ORDER BY id DESC LIMIT 4"
LINES = (
    "SELECT l.id FROM count_line l JOIN count_sheet s ON s.id = l.sheet_id "
    "WHERE l.state IN ('to count', 'recount') AND s.state IN ('open', 'recount') "
    "ORDER BY l.state = 'recount' DESC, l.id DESC LIMIT 8"
)
WANTING = (
    "SELECT c.id FROM stock_case c WHERE c.queue = 'negative' AND c.state IN "
    "('new', 'assigned', 'cause proposed', 'reopened') ORDER BY c.id DESC LIMIT 6"
)


def sheet(world: World, n: Numbers) -> Deed:
    """A sheet over keys, over cases, over a site, or over what is overdue."""
    actor = world.hand(n[0], Right.TRIAGE)
    keys = world.ids("SELECT id FROM stock_key ORDER BY id")
    several = [keys[(n[1] + far) % len(keys)] for far in range(n[3] % 3 + 1)]
    cases = world.ids(WANTING)
    chosen = [cases[n[1] % len(cases)]] if cases else []
    at_site = world.ids(
        "SELECT k.id FROM stock_key k JOIN location l ON l.id = k.location_id "
        "JOIN site s ON s.id = l.site_id WHERE s.code = ? ORDER BY k.id",
        ("MAIN", "NORTH")[n[1] % 2],
    )

    def make() -> Any:
        counting = world.place.bench.counting
        if n[2] % 8 < 4 and chosen:
            made = counting.create_sheet(actor, case_ids=chosen)
        elif n[2] % 8 < 6:
            made = counting.create_sheet(actor, key_ids=several)
        elif n[2] % 8 == 6:
            made = counting.create_sheet(actor, key_ids=at_site, assigned_to=world.place.staff.counter.id)
        else:
            made = counting.create_overdue_sheet(actor, most=2)
        return made.lines, len(made.already)

    return make


def _counter(world: World, line: int, number: int) -> Any:
    """Somebody who has not counted the line yet, and who holds it if somebody does."""
    held = world.ids(
        "SELECT person_id FROM count_draft WHERE line_id = ? AND NOT undone ORDER BY id DESC LIMIT 1", line
    )
    if held and number % 8:
        return world.place.bench.people.now(held[0]) or world.hand(number, Right.COUNT)
    had = world.ids("SELECT counter_id FROM count_entry WHERE line_id = ? ORDER BY id", line)
    return world.hand(number, Right.COUNT, tuple(had))


def _shelf(world: World, line: int, n: Numbers) -> int:
    """What lies there: what the book says, what the last one counted, or something near it."""
    before = world.ids(
        "SELECT quantity / 1000000 FROM count_entry WHERE line_id = ? ORDER BY id DESC LIMIT 1", line
    )
    if before and n[3] % 4:
        return before[0]
    book = world.ids(
        "SELECT COALESCE(b.on_hand, 0) / 1000000 FROM count_line l LEFT JOIN balance b "
        "ON b.key_id = l.key_id WHERE l.id = ?",
        line,
    )
    return max(book[0] if book else 0, 0) + (n[2] % 9 if n[3] % 3 else 0)


def count(world: World, n: Numbers) -> Deed:
    """An entry on a line, kept as a draft."""
    line = world.one(n[1], LINES)
    actor, shelf = _counter(world, line, n[0]), _shelf(world, line, n)
    return lambda: world.place.bench.counting.enter(actor, line, str(shelf)).quantity


def waive(world: World, n: Numbers) -> Deed:
    """A line that nobody could reach."""
    line = world.one(n[1], LINES)
    actor = _counter(world, line, n[0])
    return lambda: bool(world.place.bench.counting.not_counted(actor, line, "blocked by a pallet"))


def found(world: World, n: Numbers) -> Deed:
    """Something on the shelf that the sheet does not list."""
    actor, on = world.hand(n[0], Right.COUNT), world.one(n[1], SHEETS)
    item, location = KEYS[n[2] % len(KEYS)]
    status = ("available", "damaged")[n[3] % 2]
    lot = ("", "L1")[n[4] % 2]
    return lambda: world.place.bench.counting.add_found(actor, on, item, location, lot, status).known


def submit(world: World, n: Numbers) -> Deed:
    """Somebody hands in what they entered on a sheet; what nobody entered stays open, or is given up."""
    on = world.one(n[1], SHEETS)
    if n[2] % 4:
        on = world.one(n[1], "SELECT DISTINCT sheet_id FROM count_draft ORDER BY sheet_id DESC LIMIT 3") or on
    holders = world.ids(
        "SELECT DISTINCT person_id FROM count_draft WHERE sheet_id = ? ORDER BY person_id", on
    )
    actor = world.hand(n[0], Right.COUNT)
    if holders and n[0] % 8:
        actor = world.place.bench.people.now(holders[n[0] % len(holders)]) or actor
    return _submit(world, actor, on, "nobody could reach it" if n[2] % 3 == 0 else "")


def _submit(world: World, actor: Any, on: int, why: str) -> Deed:
    def hand_in() -> Any:
        done = world.place.bench.counting.submit(actor, on, why)
        return done.state, done.counted, done.accepted, done.variance, done.recount, done.not_counted

    return hand_in


def count_and_submit(world: World, n: Numbers) -> Deed:
    """Every line of a sheet that waits for this person, and then the sheet."""
    line = world.one(n[1], LINES)
    if not line:
        return refused("count-line-unknown")
    actor = _counter(world, line, n[0])
    on = world.ids("SELECT sheet_id FROM count_line WHERE id = ?", line)[0]
    lines = world.ids(
        "SELECT l.id FROM count_line l WHERE l.sheet_id = ? AND l.state IN ('to count', 'recount') "
        "AND NOT EXISTS (SELECT 1 FROM count_entry e WHERE e.line_id = l.id AND e.counter_id = ?) "
        "AND NOT EXISTS (SELECT 1 FROM count_draft d WHERE d.line_id = l.id AND d.person_id <> ? "
        "AND NOT d.undone) ORDER BY l.id",
        *(on, actor.id, actor.id),
    )
    shelves = [(one, _shelf(world, one, n)) for one in lines]
    hand_in = _submit(world, actor, on, "")

    def do() -> Any:
        for one, shelf in shelves:
            world.place.bench.counting.enter(actor, one, str(shelf))
        return hand_in()

    return do


def draft(world: World, n: Numbers) -> Deed:
    """An entry is taken back, or put back."""
    on = world.one(n[1], "SELECT DISTINCT sheet_id FROM count_draft ORDER BY sheet_id DESC LIMIT 3")
    holders = world.ids(
        "SELECT DISTINCT person_id FROM count_draft WHERE sheet_id = ? ORDER BY person_id", on
    )
    actor = world.hand(n[0], Right.COUNT)
    if holders:
        actor = world.place.bench.people.now(holders[n[0] % len(holders)]) or actor

    def turn() -> Any:
        counting = world.place.bench.counting
        return bool(counting.undo(actor, on) if n[2] % 2 else counting.redo(actor, on))

    return turn


def release(world: World, n: Numbers) -> Deed:
    """What somebody entered and never handed in is dropped."""
    actor, on = world.hand(n[0], Right.TRIAGE), world.one(n[1], SHEETS)
    holding = world.one(n[1], "SELECT DISTINCT sheet_id FROM count_draft ORDER BY sheet_id DESC LIMIT 3")
    on = holding or on
    whose = world.one(n[2], "SELECT DISTINCT person_id FROM count_draft WHERE sheet_id = ? ORDER BY 1", on)
    return lambda: bool(world.place.bench.counting.release(actor, on, whose))


def take_up(world: World, n: Numbers) -> Deed:
    """What counters handed in without a look at the book is compared with it."""
    actor = world.hand(n[0], Right.TRIAGE)
    return lambda: bool(world.place.bench.counting.take_up(actor))


def recount(world: World, n: Numbers) -> Deed:
    """A supervisor wants one more count."""
    line = world.one(
        n[1], "SELECT id FROM count_line WHERE state IN ('accepted', 'variance') ORDER BY id DESC LIMIT 6"
    )
    actor = world.hand(n[0], Right.TRIAGE)
    return lambda: bool(world.place.bench.counting.ask_recount(actor, [line]))


def cancel(world: World, n: Numbers) -> Deed:
    """A sheet is stopped."""
    actor, on = world.hand(n[0], Right.TRIAGE), world.one(n[1], SHEETS)
    return lambda: bool(world.place.bench.counting.cancel(actor, on, "the aisle is closed"))
