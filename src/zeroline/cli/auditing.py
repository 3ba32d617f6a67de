"""The verb ``audit``."""

from __future__ import annotations

import argparse

from zeroline.cli.exits import Exit
from zeroline.cli.setting import Setting

_FAULTS = {
    "edited": "Entry {seq} was edited after it was written.",
    "gap": "An entry is missing before entry {seq}.",
    "broken link": "Entry {seq} does not continue the entry before it.",
    "head not found": "The head given is not in this trail: its end was cut off, or it is another's.",
}


def arguments(parser: argparse.ArgumentParser) -> None:
    """What the verb takes."""
    verbs = parser.add_subparsers(dest="audit_verb", metavar="verify", required=True)
    verify = verbs.add_parser("verify", help="walk the chain of the audit trail from end to end")
    verify.add_argument(
        "--head",
        default="",
        metavar="HASH",
        help="the head printed on a report; without one a cut tail cannot be seen",
    )


def run(setting: Setting, chosen: argparse.Namespace) -> int:
    """Say whether the trail is whole."""
    with setting.reading() as services:
        verdict = services.auditing.verify(chosen.head)
        guards = services.auditing.missing_guards()
    if verdict.fault:
        setting.say(_FAULTS[verdict.fault].format(seq=verdict.fault_seq))
    for guard in guards:
        setting.say(f"A guard of the database is missing, altered or strange: {guard}.")
    if verdict.fault or guards:
        return Exit.NOT_VERIFIED
    setting.say(f"The audit trail is whole: {verdict.entries} entries, head {verdict.entries}:{verdict.head}")
    if not chosen.head:
        setting.tell(
            "Only a head from outside (--head, from a printed report) shows that nothing was cut off."
        )
    return Exit.DONE
