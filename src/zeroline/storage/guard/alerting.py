"""Guards of what people were told: who was told stays told, and a letter is sent once."""

from __future__ import annotations

from zeroline.storage.guard.trigger import (
    Triggers,
    append_only,
    kept,
    must,
    no_replacing,
    refuse,
    trigger,
    whole,
)

_SOMEBODY = "NEW.person_id = 0 OR EXISTS (SELECT 1 FROM person AS p WHERE p.id = NEW.person_id)"


def _alerts() -> Triggers:
    own_letter = (
        "NEW.letter_id IS NULL OR EXISTS (SELECT 1 FROM letter AS m WHERE m.id = NEW.letter_id"
        " AND m.person_id = NEW.person_id AND m.state = 'waiting')"
    )
    own_alert = "EXISTS (SELECT 1 FROM alert AS a WHERE a.id = NEW.alert_id AND a.person_id = NEW.person_id)"
    return (
        trigger(
            "alert_insert",
            "BEFORE INSERT ON alert",
            [
                no_replacing("alert", "id"),
                whole("person_id", "at"),
                must(_SOMEBODY, "person-unknown", "an alert is for somebody"),
                must(
                    own_letter, "letter-state", "an alert goes with a letter of its person that is not sent"
                ),
            ],
        )
        | kept("alert", "append-only", "id", "person_id", "kind", "subject", "facts", "at", "letter_id")
        | trigger(
            "alert_seen",
            "BEFORE UPDATE OF seen_at ON alert",
            [
                must(
                    "OLD.seen_at IS NULL AND NEW.seen_at >= NEW.at", "append-only", "what was seen stays seen"
                )
            ],
            when="NEW.seen_at IS DISTINCT FROM OLD.seen_at",
        )
        | trigger(
            "alert_shown",
            "BEFORE UPDATE OF shown_at ON alert",
            [must("OLD.shown_at IS NULL", "append-only", "what was shown outside the window is shown once")],
            when="NEW.shown_at IS DISTINCT FROM OLD.shown_at",
        )
        | append_only(
            "alert_occasion",
            "person_id, occasion",
            conditions=[must(own_alert, "person-unknown", "an occasion belongs to an alert of its person")],
        )
    )


def _letters() -> Triggers:
    fresh = "NEW.state = 'waiting' AND NEW.attempts = 0 AND NEW.holder = ''"
    house = "(NEW.channel = 'webhook' AND NEW.person_id = 0) OR (NEW.channel = 'mail' AND NEW.person_id <> 0)"
    way = (
        "(OLD.state = 'waiting' AND NEW.state IN ('sent', 'dead'))"
        " OR (OLD.state = 'dead' AND NEW.state = 'waiting')"
    )
    return (
        trigger(
            "letter_insert",
            "BEFORE INSERT ON letter",
            [
                no_replacing("letter", "id", "token"),
                whole("person_id", "made_at", "next_at"),
                must(_SOMEBODY, "person-unknown", "a letter is for somebody"),
                must(house, "person-unknown", "a person is written to by e-mail, the house by webhook"),
                must(fresh, "letter-state", "a letter begins waiting"),
            ],
        )
        | kept("letter", "append-only", "id", "channel", "person_id", "token", "made_at")
        | trigger(
            "letter_way",
            "BEFORE UPDATE OF state ON letter",
            [must(way, "letter-state", "a letter waits, is sent once, or is given up and waits again")],
            when="NEW.state <> OLD.state",
        )
        | refuse(
            "letter_sent",
            "BEFORE UPDATE ON letter",
            "letter-state",
            "a letter that was sent never changes",
            when="OLD.state = 'sent'",
        )
    )


def triggers() -> Triggers:
    """All guards of this part."""
    return _alerts() | _letters()
