"""The verb ``audit``."""

from __future__ import annotations

import argparse
import re

from zeroline.cli.exits import Exit
from zeroline.cli.setting import Setting
from zeroline.domain.audit import SHORTEST_HEAD

_SHOWN = 20
_FAULTS = {
    "edited": "Entry {seq} was edited after it was written.",
    "gap": "An entry is missing before entry {seq}.",
    "broken link": "Entry {seq} does not continue the entry before it.",
    "head not found": "The head given is not in this trail: its end was cut off, or it is another's.",
}


def arguments(parser: argparse.ArgumentParser) -> None:
    """What the verb takes."""
    verbs = parser.add_subparsers(dest="audit_verb", metavar="verify", required=True)
    verify = verbs.add_parser(
        "verify", help="walk the audit trail from end to end, and replay every movement"
    )
    verify.add_argument(
        "--head",
        type=_head,
        metavar="HASH",
        help="the head printed on a report, such as 17:641278d4ad38c9cf; else a cut tail cannot be seen",
    )


def _head(text: str) -> str:
    """A head as printed, for argparse; an empty one would pass for none."""
    if not re.fullmatch(rf"(\d+:)?[0-9a-f]{{{SHORTEST_HEAD},64}}", "".join(text.split()).lower()):
        raise argparse.ArgumentTypeError(
            f"“{text}” is not a head. Copy it from a report: its position, a colon, and 16 to 64 digits"
        )
    return text


def run(setting: Setting, chosen: argparse.Namespace) -> int:
    """Say whether the trail is whole."""
    with setting.reading() as services:
        verdict = services.auditing.verify(chosen.head or "")
        guards = services.auditing.missing_guards()
        wrong = services.auditing.kept_wrongly()
        only = services.limiting.own()
    if verdict.fault:
        setting.say(_FAULTS[verdict.fault].format(seq=verdict.fault_seq))
    for guard in guards:
        setting.say(f"A guard of the database is missing, altered or strange: {guard}.")
    for kept in wrong[:_SHOWN]:
        setting.say(f"Kept otherwise than the movements say: {kept}.")
    if wrong:
        setting.say(f"{len(wrong)} in all. “zeroline setup --rebuild” makes them anew from the movements.")
    if verdict.fault or guards or wrong:
        return Exit.NOT_VERIFIED
    sites = "" if only is None else f" of {', '.join(only) or 'no site'}, all that you see,"
    setting.say(f"Balances and episodes{sites} are what a full replay of the movements gives.")
    setting.say(f"The audit trail is whole: {verdict.entries} entries, head {verdict.entries}:{verdict.head}")
    if not chosen.head:
        setting.tell(
            "Only a head from outside (--head, from a printed report) shows that nothing was cut off."
        )
    return Exit.DONE
