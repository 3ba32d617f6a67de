"""What a person's own hand may write on a server: as oneself, signed just now, traced; and no DDL unseen.

These hold besides the guards of both databases, because a server knows who is connected. The program itself
(:data:`PROGRAM <zeroline.storage.postgres.functions.PROGRAM>`) acts for people and is let through.
"""

from __future__ import annotations

from collections.abc import Mapping

from zeroline.storage.postgres.functions import SCHEMA

FRESH = 60
"""Seconds a connection may be old when something is signed on it: the secret was typed for this signature."""

_OWN: Mapping[str, tuple[str, ...]] = {
    "adjustment": ("proposer_id", "poster_id"),
    "alert": ("person_id",),
    "alert_occasion": ("person_id",),
    "approval": ("approver_id",),
    "attachment": ("person_id",),
    "case_event": ("person_id",),
    "case_evidence": ("person_id",),
    "cause_verdict": ("person_id",),
    "command": ("person_id",),
    "count_draft": ("person_id",),
    "count_entry": ("counter_id",),
    "count_sheet": ("created_by", "submitted_by"),
    "import_run": ("person_id",),
    "learning_reset": ("person_id",),
    "letter": ("person_id",),
    "policy_version": ("person_id",),
    "presence": ("person_id",),
    "role_answer": ("person_id",),
    "role_request": ("asked_by",),
    "saved_view": ("person_id",),
    "stock_case": ("cause_by",),
}
"""Columns that say whose hand it was, by table."""

_TRACED = (
    *("adjustment", "approval", "cause_verdict", "contact", "count_entry", "import_run", "learning_reset"),
    *("person", "person_site", "policy_version", "role_answer", "role_request", "setting"),
)
"""Tables that nothing is written to without an entry in the audit trail in the same transaction."""

_FUNCTIONS = f"""
CREATE OR REPLACE FUNCTION own_hand() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = {SCHEMA}, pg_temp AS $$
DECLARE
  name text;
  hand text;
BEGIN
  IF is_program() THEN RETURN NEW; END IF;
  IF current_setting('transaction_isolation') <> 'read committed' THEN
    RAISE EXCEPTION 'zeroline:write-isolation: guards must see what others have done meanwhile';
  END IF;
  FOREACH name IN ARRAY TG_ARGV LOOP
    hand := to_jsonb(NEW) ->> name;
    IF hand IS NULL OR hand = CAST(me() AS text) THEN CONTINUE; END IF;
    IF TG_OP = 'UPDATE' AND hand = to_jsonb(OLD) ->> name THEN CONTINUE; END IF;
    IF name = 'cause_by' AND EXISTS (
        SELECT 1 FROM stock_case AS o WHERE o.key_id = (to_jsonb(NEW) ->> 'key_id')::bigint
        AND o.cause_by = hand::bigint) THEN CONTINUE; END IF;
    RAISE EXCEPTION 'zeroline:not-yourself: nobody writes in the name of somebody else';
  END LOOP;
  RETURN NEW;
END $$;

CREATE OR REPLACE FUNCTION signed_now() RETURNS trigger
LANGUAGE plpgsql SET search_path = {SCHEMA}, pg_temp AS $$
DECLARE
  age interval;
BEGIN
  IF is_program() THEN RETURN NEW; END IF;
  IF TG_OP = 'UPDATE' THEN
    IF NEW.state <> 'posted' OR OLD.state = 'posted' THEN RETURN NEW; END IF;
  END IF;
  SELECT clock_timestamp() - backend_start INTO age FROM pg_stat_activity WHERE pid = pg_backend_pid();
  IF age IS NULL OR age > interval '{FRESH} seconds' THEN
    RAISE EXCEPTION 'zeroline:signature-stale: a signature needs the password typed just now';
  END IF;
  RETURN NEW;
END $$;

CREATE OR REPLACE FUNCTION traced() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = {SCHEMA}, pg_temp AS $$
BEGIN
  IF NOT EXISTS (SELECT 1 FROM (SELECT xmin AS written FROM audit_entry ORDER BY seq DESC LIMIT 1) AS last
                 WHERE last.written = CAST(pg_current_xact_id() AS xid)) AND NOT is_program() THEN
    RAISE EXCEPTION 'zeroline:unaudited: nothing is written without an entry in the audit trail';
  END IF;
  RETURN NULL;
END $$;

CREATE OR REPLACE FUNCTION counter_sheet() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = {SCHEMA}, pg_temp AS $$
BEGIN
  IF my_role() = 'counter' AND NEW.state IS DISTINCT FROM OLD.state
      AND NEW.state NOT IN ('open', 'recount') THEN
    RAISE EXCEPTION 'zeroline:count-sheet-state: a counter hands a sheet in, and does not close it';
  END IF;
  RETURN NEW;
END $$;

CREATE OR REPLACE FUNCTION own_draft() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = {SCHEMA}, pg_temp AS $$
BEGIN
  IF my_role() = 'counter' AND OLD.person_id IS DISTINCT FROM me() THEN
    RAISE EXCEPTION 'zeroline:not-yourself: nobody takes back what somebody else entered';
  END IF;
  IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
  RETURN NEW;
END $$;

CREATE OR REPLACE FUNCTION counter_line() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = {SCHEMA}, pg_temp AS $$
BEGIN
  IF my_role() = 'counter' AND NOT NEW.found THEN
    RAISE EXCEPTION 'zeroline:not-allowed: a counter adds what was found and nothing else';
  END IF;
  RETURN NEW;
END $$;

CREATE OR REPLACE FUNCTION sites_given() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = {SCHEMA}, pg_temp AS $$
BEGIN
  IF is_program() THEN RETURN COALESCE(NEW, OLD); END IF;
  IF me() IS NULL OR me() IN (NEW.person_id, OLD.person_id) THEN
    RAISE EXCEPTION 'zeroline:sites-own: nobody sets their own sites';
  END IF;
  IF NOT every_site() THEN
    RAISE EXCEPTION 'zeroline:sites-limited: whoever is limited to sites gives none to others';
  END IF;
  RETURN COALESCE(NEW, OLD);
END $$;

CREATE OR REPLACE FUNCTION of_all_sites() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = {SCHEMA}, pg_temp AS $$
BEGIN
  IF NOT every_site() THEN
    RAISE EXCEPTION 'zeroline:sites-limited: this holds at all sites';
  END IF;
  RETURN NEW;
END $$;

CREATE OR REPLACE FUNCTION by_key() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = {SCHEMA}, pg_temp AS $$
BEGIN
  PERFORM hold(ARRAY['key'], ARRAY[NEW.key_id]);  -- before the guards look for what others propose of it
  RETURN NEW;
END $$;

CREATE OR REPLACE FUNCTION own_import() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = {SCHEMA}, pg_temp AS $$
BEGIN
  IF NOT is_program() AND EXISTS (
      SELECT 1 FROM added AS m WHERE m.adjustment_id IS NULL AND NOT EXISTS (
        SELECT 1 FROM import_run AS r WHERE r.id = m.import_id AND r.person_id = me()
        AND r.xmin = CAST(pg_current_xact_id() AS xid))) THEN
    RAISE EXCEPTION 'zeroline:movement-origin: a movement comes by an import or from an approved adjustment';
  END IF;
  RETURN NULL;
END $$;
"""


def script() -> str:
    """The triggers of hands, put in place whatever was there."""
    lines = [_FUNCTIONS]
    for table, columns in sorted(_OWN.items()):
        given = ", ".join(f"'{column}'" for column in columns)
        lines += _trigger(
            "own_hand", f"BEFORE INSERT OR UPDATE ON {table} FOR EACH ROW", f"own_hand({given})"
        )
    lines += _trigger("counter_sheet", "BEFORE UPDATE ON count_sheet FOR EACH ROW", "counter_sheet()")
    lines += _trigger("counter_line", "BEFORE INSERT ON count_line FOR EACH ROW", "counter_line()")
    lines += _trigger("own_draft", "BEFORE UPDATE OR DELETE ON count_draft FOR EACH ROW", "own_draft()")
    lines += _trigger("a_by_key", "BEFORE INSERT ON adjustment FOR EACH ROW", "by_key()")
    lines += _trigger("signed_now", "BEFORE INSERT ON approval FOR EACH ROW", "signed_now()")
    lines += _trigger("signed_now", "BEFORE UPDATE ON adjustment FOR EACH ROW", "signed_now()")
    lines += _trigger("of_all_sites", "BEFORE INSERT ON policy_version FOR EACH ROW", "of_all_sites()")
    lines += _trigger(
        "sites_given", "BEFORE INSERT OR UPDATE OR DELETE ON person_site FOR EACH ROW", "sites_given()"
    )
    lines += _trigger(
        "own_import",
        "AFTER INSERT ON movement REFERENCING NEW TABLE AS added FOR EACH STATEMENT",
        "own_import()",
    )
    for table in _TRACED:
        lines += [
            f"DROP TRIGGER IF EXISTS traced ON {table};",
            (
                f"CREATE CONSTRAINT TRIGGER traced AFTER INSERT OR UPDATE OR DELETE ON {table}"
                " DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION traced();"
            ),
            f"ALTER TABLE {table} ENABLE ALWAYS TRIGGER traced;",
        ]
    return "\n".join(lines)


def _trigger(name: str, event: str, call: str) -> list[str]:
    table = event.split(" ON ")[1].split()[0]
    return [
        f"CREATE OR REPLACE TRIGGER {name} {event} EXECUTE FUNCTION {call};",
        f"ALTER TABLE {table} ENABLE ALWAYS TRIGGER {name};",
    ]


WATCHER = "zeroline_ddl"

RECORDING = f"""
CREATE OR REPLACE FUNCTION record_ddl() RETURNS event_trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = {SCHEMA}, pg_temp AS $$
DECLARE
  listed text;
BEGIN
  IF TG_EVENT = 'sql_drop' THEN
    SELECT string_agg(json_text('DROP ' || o.object_identity), ',' ORDER BY o.object_identity) INTO listed
    FROM pg_event_trigger_dropped_objects() AS o WHERE o.schema_name = '{SCHEMA}' AND NOT o.is_temporary;
  ELSE
    SELECT string_agg(json_text(c.command_tag || ' ' || COALESCE(c.object_identity, '')), ',') INTO listed
    FROM pg_event_trigger_ddl_commands() AS c
    WHERE c.schema_name = '{SCHEMA}' OR c.object_identity LIKE '{SCHEMA}.%'
      OR c.command_tag IN ('GRANT', 'REVOKE');
  END IF;
  IF listed IS NOT NULL AND to_regclass('{SCHEMA}.audit_entry') IS NOT NULL THEN
    INSERT INTO audit_entry (at, action, subject, facts) VALUES (now_us(), 'schema changed', 'database',
      '{{"by":' || json_text(CAST(session_user AS text)) || ',"commands":[' || listed || ']}}');
  END IF;
END $$;
"""


def watching_stopped() -> str:
    """Setting up changes the schema and says so itself, once."""
    return f"DROP EVENT TRIGGER IF EXISTS {WATCHER}; DROP EVENT TRIGGER IF EXISTS {WATCHER}_drop;"


def watching() -> str:
    """From here on every change of the schema leaves an entry in the audit trail, whoever made it."""
    return (
        f"CREATE EVENT TRIGGER {WATCHER} ON ddl_command_end EXECUTE FUNCTION {SCHEMA}.record_ddl();"
        f"CREATE EVENT TRIGGER {WATCHER}_drop ON sql_drop EXECUTE FUNCTION {SCHEMA}.record_ddl();"
        f"ALTER EVENT TRIGGER {WATCHER} ENABLE ALWAYS; ALTER EVENT TRIGGER {WATCHER}_drop ENABLE ALWAYS;"
    )
