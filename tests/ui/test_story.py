"""The sentences that tell a case, from cases of a real warehouse."""

from __future__ import annotations

from zoneinfo import ZoneInfo

import pytest
from PySide6.QtCore import QLocale

from support.floor import Floor
from support.warehouse import Warehouse
from zeroline.domain.case import Queue
from zeroline.domain.views.case import CaseView, EventFacts
from zeroline.services.casework import Casework
from zeroline.services.lookup import Lookup
from zeroline.ui.text.format import Format
from zeroline.ui.text.log import event_words
from zeroline.ui.text.story import Story


@pytest.fixture
def form(warehouse: Warehouse) -> Format:
    return Format(QLocale("en_GB"), ZoneInfo("UTC"), warehouse.clock)


@pytest.fixture
def story(form: Format) -> Story:
    return Story(form)


def case(floor: Floor, queue: Queue = Queue.NEGATIVE) -> CaseView:
    """The worst case of a queue, once cases have followed the ledger."""
    Casework(floor.database).sync()
    lookup, reader = Lookup(floor.database), floor.people.supervisor
    return lookup.case(reader, int(lookup.queue(reader, queue).ids[0]))


def plain(text: str) -> str:
    return text.replace("\u00a0", " ")


def test_a_forced_movement_is_told_with_who_forced_it(floor: Floor, story: Story) -> None:
    floor.warehouse.move("ITEM-1", "A-01", "-4", "2026-03-02T04:00:00Z", user="R. Diaz", document="OUT/9",
                         override=True)  # fmt: skip
    told = plain(story.happened(case(floor, Queue.OVERRIDE)))
    assert told == "R. Diaz forced pick OUT/9 (−4 EA) past the check 2 h ago: ITEM-1 at A-01 went to −4 EA."


def test_a_place_that_comes_back_is_told_with_how_often(floor: Floor, story: Story) -> None:
    for day in ("20", "21", "22"):
        floor.warehouse.move("ITEM-1", "A-01", "-1", f"2026-02-{day}T08:00:00Z")
        floor.warehouse.move("ITEM-1", "A-01", "1", f"2026-02-{day}T09:00:00Z")
    told = plain(story.happened(case(floor, Queue.REPEAT)))
    assert told.startswith("ITEM-1 at A-01: 3 times below zero within 90 days")


def test_lot_and_status_are_named_where_they_matter(floor: Floor, story: Story) -> None:
    floor.warehouse.move("ITEM-1", "A-01", "-1", "2026-03-01T08:00:00Z", lot="L7", status="quarantine")
    assert plain(story.happened(case(floor))).startswith("ITEM-1 at A-01, lot L7, quarantine crossed zero")


def test_a_receipt_that_was_posted_late_is_told_as_a_trace(floor: Floor, story: Story) -> None:
    made = floor.warehouse
    made.move("ITEM-1", "A-01", "-11", "2026-02-26T09:12:00Z", document="OUT/00033", kind="shipment")
    made.move("ITEM-1", "A-01", "30", "2026-02-26T16:30:00Z", "2026-02-26T08:40:00Z", document="IN/00007")
    view = case(floor, Queue.TRANSIENT)
    told = [plain(trace) for trace in story.traces(view)]
    assert told[0].startswith("Receipt IN/00007 (+30 EA, wms-user) happened Thu 08:40, before it, but was")
    assert told[1] == "In the order things happened it never went below zero: nothing is missing."
    assert plain(story.lasting(view)).startswith("It was below zero for 7 h 18 min, at its lowest −11 EA")


def test_a_place_below_zero_is_told_with_the_bins_that_have_some(floor: Floor, story: Story) -> None:
    floor.warehouse.move("ITEM-1", "A-01", "-2", "2026-03-01T08:00:00Z")
    floor.warehouse.move("ITEM-1", "B-02", "5", "2026-03-01T08:00:00Z")
    floor.warehouse.move("ITEM-1", "B-03", "9", "2026-03-01T08:00:00Z")
    told = [plain(trace) for trace in story.traces(case(floor))]
    assert told == ["The book has 9 EA in B-03, and more in 1 other place."]


def test_severity_gives_its_reason(floor: Floor, story: Story) -> None:
    floor.warehouse.item("ITEM-1", cost="900")
    floor.warehouse.move("ITEM-1", "A-01", "-2", "2026-03-01T06:00:00Z")
    severity = case(floor).severity
    told = plain(story.severity(severity.reason, severity.facts))
    assert told == "€ 1,800 value-days: so much money, so many days"


@pytest.mark.parametrize(
    ("kind", "facts", "words"),
    [
        ("none of these", {"guess": "K5"}, "said that none of the guesses is right (guess: K5, 92 %)"),
        ("cause", {"cause": "K5", "guess": "K5"}, "cause: K5 Duplicate confirmation (accepted, 92 %)"),
        ("cause", {"cause": "K5", "guess": "Z0"}, "cause: K5 Duplicate confirmation (no guess)"),
        ("cause", {"cause": "K5"}, "cause: K5 Duplicate confirmation"),
    ],
)
def test_the_log_says_what_was_guessed_beside_what_a_person_said(
    form: Format, kind: str, facts: dict[str, object], words: str
) -> None:
    event = EventFacts(1, 0, 1, "Sam", kind, "", {"before": "", "probability": 920_000} | facts)
    assert plain(event_words(event, form, {})) == words


def test_the_log_says_who_took_what(floor: Floor, form: Format) -> None:
    floor.warehouse.move("ITEM-1", "A-01", "-2", "2026-03-01T08:00:00Z")
    id, work = case(floor).case_id, Casework(floor.database)
    people = floor.people
    work.take(people.supervisor, [id])
    work.assign(people.supervisor, [id], people.manager.id)
    work.tag_cause(people.supervisor, id, "K2", "seen")
    work.dismiss(people.supervisor, [id], "no longer needed")
    view = Lookup(floor.database).case(people.supervisor, id)
    names = {people.manager.id: "Mara Manager"}
    tag = next(event for event in view.events if event.kind == "cause")
    share = tag.facts["probability"] // 10_000
    guessed = "no guess" if tag.facts["guess"] == "Z0" else f"guess: {tag.facts['guess']}, {share} %"
    told = [plain(event_words(event, form, names, "EA")) for event in view.events]
    assert told[-4:] == [
        "took it",
        "gave it to Mara Manager",
        f"cause: K2 Picked from another bin or lot ({guessed}) “seen”",
        "dismissed: no longer needed",
    ]
