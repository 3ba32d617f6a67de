"""The verbs ``negatives`` and ``episodes``."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from dataclasses import dataclass

from zeroline.cli.exits import Exit
from zeroline.cli.output import FORMATS, amount, moment, write_rows
from zeroline.cli.setting import Setting
from zeroline.domain import instant
from zeroline.domain.errors import DomainError
from zeroline.domain.replay import Order
from zeroline.services.listing import Listing

_NEGATIVE_COLUMNS = (
    "item",
    "location",
    "lot",
    "status",
    "on_hand",
    "since",
    "episode_depth",
    "unit_days",
    "value_days",
)
_EPISODE_COLUMNS = (
    "item",
    "location",
    "lot",
    "status",
    "started_at",
    "ended_at",
    "depth",
    "unit_days",
    "value_days",
    "transient",
    "opening_movement",
    "closing_movement",
)


def as_of(text: str) -> int:
    """The instant of an argument, for argparse."""
    try:
        return instant.parse(text)
    except DomainError as error:
        raise argparse.ArgumentTypeError(f"{text} is not an instant such as 2026-03-01T09:12:00Z") from error


def _arguments(parser: argparse.ArgumentParser) -> None:
    """What both lists take."""
    parser.add_argument("--format", choices=FORMATS, default="table", help="table (default), csv or json")
    parser.add_argument(
        "--order",
        choices=[order.value for order in Order],
        default=Order.BOOK.value,
        help="book: by recorded_at (default); physical: by occurred_at",
    )
    parser.add_argument(
        "--as-of",
        type=as_of,
        metavar="T",
        help="leave out what was recorded after T (UTC unless it says otherwise; a date means its first"
        " moment) and measure open episodes to T; without it, to the newest recorded movement",
    )


def _negatives(setting: Setting, chosen: argparse.Namespace) -> int:
    """Print what is below zero."""
    with setting.reading() as services:
        lines = Listing(services.database).negatives(Order(chosen.order), chosen.as_of)
    rows = (
        (
            line.item,
            line.location,
            line.lot,
            line.status,
            amount(line.on_hand),
            moment(line.since),
            amount(line.episode_depth),
            amount(line.unit_days),
            amount(line.value_days),
        )
        for line in lines
    )
    write_rows(setting.out, chosen.format, _NEGATIVE_COLUMNS, rows, "Nothing is below zero.")
    return Exit.DONE


def _episodes(setting: Setting, chosen: argparse.Namespace) -> int:
    """Print every episode."""
    with setting.reading() as services:
        lines = Listing(services.database).episodes(Order(chosen.order), chosen.as_of)
    rows = (
        (
            line.item,
            line.location,
            line.lot,
            line.status,
            moment(line.started_at),
            moment(line.ended_at),
            amount(line.depth),
            amount(line.unit_days),
            amount(line.value_days),
            line.transient,
            line.opening_movement,
            line.closing_movement,
        )
        for line in lines
    )
    write_rows(setting.out, chosen.format, _EPISODE_COLUMNS, rows, "Nothing was ever below zero.")
    return Exit.DONE


@dataclass(frozen=True, slots=True)
class List:
    """A verb that prints a list."""

    arguments: Callable[[argparse.ArgumentParser], None]
    run: Callable[[Setting, argparse.Namespace], int]


NEGATIVES = List(_arguments, _negatives)
EPISODES = List(_arguments, _episodes)
