"""Roles, rights and rows: what each group of people may read and write, whatever program they use.

One login a person, in the group of their role. The tables belong to a role that nobody signs in as. Where a
person may write at all, the guards and ``own_hand`` say what and as whom; what only the program's services do
right (balances, episodes) can be made anew and compared with the ledger at any time.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from zeroline.domain.person import Role
from zeroline.storage.postgres.functions import PROGRAM, SCHEMA
from zeroline.storage.queries.demand import PROMISES
from zeroline.storage.schema import metadata

OWNER = "zeroline_owner"
PEOPLE = "zeroline_people"
GROUPS: Mapping[Role, str] = {role: f"zeroline_{role.value}" for role in Role}

_READERS = tuple(GROUPS[role] for role in Role if role is not Role.COUNTER)
_WORKERS = (GROUPS[Role.SUPERVISOR], GROUPS[Role.MANAGER])
_MANAGER, _COUNTER = GROUPS[Role.MANAGER], GROUPS[Role.COUNTER]
_ADMINISTRATOR = GROUPS[Role.ADMINISTRATOR]

_SEEN_BY_COUNTERS = (
    *("site", "item", "item_unit", "item_barcode", "location", "stock_key", "source"),
    *("count_sheet", "count_line", "count_draft", "person", "policy_version", "setting", "saved_view"),
    "alembic_version",
)
_ENTRY_OUTSIDE = "id, line_id, round, counter_id, counted_at, submitted_at"
"""Of a count what another counter may know: who and when, not how much."""

_APPENDED = (
    *("movement", "stock_key", "case_event", "attachment", "case_evidence", "count_entry"),
    *("count_expectation", "adjustment_evidence", "approval", "diagnosis", "cause_verdict"),
    *("item_cost", "item_past", "location_past", "import_reject"),
)
_CHANGED = (
    *("stock_case", "count_sheet", "count_line", "count_draft", "adjustment", "balance", "saved_view"),
    *("item", "item_unit", "item_barcode", "location", "site", "source", "document", "document_line"),
    *("reservation", "import_run", "saved_mapping", "stored_balance"),
)
_TOLD = ("alert", "alert_occasion", "contact", "letter")
_REMADE = ("episode", "ledger_segment")
_DROPPED = ("count_draft", "count_line", "saved_view", "reservation", "saved_mapping", "balance")


def roles() -> str:
    """The roles of the cluster, made where they are missing; who sets up becomes a member of the owner,
    and of the program, which writes the first rows."""
    made = "\n".join(
        f"IF NOT EXISTS (SELECT 1 FROM pg_roles WHERE rolname = '{role}') THEN CREATE ROLE {role} NOLOGIN;"
        " END IF;"
        for role in (OWNER, PROGRAM, PEOPLE, *GROUPS.values())
    )
    within = "\n".join(f"GRANT {PEOPLE} TO {group};" for group in GROUPS.values())
    return f"DO $$ BEGIN\n{made}\nEND $$;\n{within}\nGRANT {OWNER}, {PROGRAM} TO CURRENT_USER;"


def schema() -> str:
    """The schema, of the owner; what follows in the transaction is done as the owner."""
    return (
        f"CREATE SCHEMA IF NOT EXISTS {SCHEMA} AUTHORIZATION {OWNER};\n"
        f"SET LOCAL ROLE {OWNER};\n"
        f"SET LOCAL search_path = {SCHEMA}, pg_temp;"
    )


def rights() -> str:
    """Grants of tables and columns; everything that was granted before is taken back first."""
    everyone = ", ".join((PEOPLE, *GROUPS.values(), PROGRAM))
    lines = [
        f"REVOKE ALL ON ALL TABLES IN SCHEMA {SCHEMA} FROM PUBLIC, {everyone};",
        f"REVOKE ALL ON ALL SEQUENCES IN SCHEMA {SCHEMA} FROM PUBLIC, {everyone};",
        f"REVOKE ALL ON ALL FUNCTIONS IN SCHEMA {SCHEMA} FROM PUBLIC, {everyone};",
        f"REVOKE ALL ON SCHEMA {SCHEMA} FROM PUBLIC, {everyone};",
        f"GRANT USAGE ON SCHEMA {SCHEMA} TO {PEOPLE}, {PROGRAM};",
        f"GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA {SCHEMA} TO {PEOPLE}, {PROGRAM};",
        f"GRANT USAGE ON ALL SEQUENCES IN SCHEMA {SCHEMA} TO {PROGRAM}, {PEOPLE};",
        f"GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA {SCHEMA} TO {PROGRAM};",
        f"GRANT SELECT ON ALL TABLES IN SCHEMA {SCHEMA} TO {', '.join(_READERS)};",
        _grant("SELECT", _SEEN_BY_COUNTERS, (_COUNTER,)),
        f"GRANT SELECT ({_ENTRY_OUTSIDE}) ON count_entry TO {_COUNTER};",
        f"GRANT SELECT (recorded_to) ON ledger_state TO {_COUNTER};",
        f"GRANT INSERT (at, action, subject, facts) ON audit_entry TO {PEOPLE};",
        f"REVOKE SELECT ON command FROM {', '.join(_READERS)};",
        _grant("INSERT", ("command",), (PEOPLE,)),
        _grant("INSERT, UPDATE, DELETE", ("presence", "saved_view"), (PEOPLE,)),
        _grant("SELECT", ("presence", *_TOLD), (PEOPLE,)),
        _grant("INSERT", _TOLD, (PEOPLE,)),
        f"GRANT UPDATE (seen_at, shown_at) ON alert TO {PEOPLE};",
        f"GRANT UPDATE (email) ON contact TO {PEOPLE};",
        _grant("UPDATE", ("letter",), (_ADMINISTRATOR,)),
        _grant("INSERT", _APPENDED, _WORKERS),
        _grant("INSERT, UPDATE", (*_CHANGED, *_REMADE), _WORKERS),
        _grant("DELETE", (*_DROPPED, *_REMADE), _WORKERS),
        _grant("UPDATE", ("ledger_state",), _WORKERS),
        _grant("INSERT", ("policy_version", "learning_reset"), (_MANAGER,)),
        _grant("INSERT, UPDATE, DELETE", ("setting",), (_MANAGER, _ADMINISTRATOR)),
        _grant("INSERT, UPDATE", ("person",), (_ADMINISTRATOR,)),
        _grant("INSERT, DELETE", ("person_site",), (_ADMINISTRATOR,)),
        _grant("INSERT", ("role_answer", "role_request"), (_ADMINISTRATOR,)),
        _grant("INSERT", ("count_draft", "count_line", "stock_key"), (_COUNTER,)),
        f"GRANT UPDATE (undone) ON count_draft TO {_COUNTER};",
        _grant("DELETE", ("count_draft", "count_line"), (_COUNTER,)),
        f"GRANT UPDATE (state, version) ON count_sheet TO {_COUNTER};",
    ]
    return "\n".join(lines)


def _grant(what: str, tables: Iterable[str], groups: Iterable[str]) -> str:
    return f"GRANT {what} ON {', '.join(tables)} TO {', '.join(groups)};"


_OPEN = "(SELECT seen())"
_OWN = "(SELECT is_program()) OR person_id = (SELECT me())"
_OF_KEY = "(SELECT every_site()) OR key_open({})"

_ROWS: Mapping[str, str] = (
    dict.fromkeys(
        ("balance", "count_line", "episode", "movement", "stock_case", "stored_balance", "adjustment"),
        _OF_KEY.format("key_id"),
    )
    | dict.fromkeys(
        ("attachment", "case_event", "case_evidence", "cause_verdict", "diagnosis"),
        "(SELECT every_site()) OR case_open(case_id)",
    )
    | dict.fromkeys(
        ("adjustment_evidence", "approval"), "(SELECT every_site()) OR adjustment_open(adjustment_id)"
    )
    | dict.fromkeys(("count_draft", "count_entry"), "(SELECT every_site()) OR line_open(line_id)")
    | dict.fromkeys(("alert", "alert_occasion", "saved_view"), _OWN)
    | dict.fromkeys(("contact", "letter"), f"{_OWN} OR (SELECT my_role()) = '{Role.ADMINISTRATOR.value}'")
    | {
        "count_sheet": "(SELECT every_site()) OR sheet_open(id)",
        "count_expectation": "(SELECT every_site()) OR entry_open(entry_id)",
        "stock_key": "(SELECT every_site()) OR location_open(location_id)",
        "location": "(SELECT every_site()) OR site_open(site_id)",
        "site": "(SELECT every_site()) OR site_open(id)",
        "learning_reset": "(SELECT every_site()) OR site_open(site_id)",
        "ledger_segment": "(SELECT every_site())",  # columns of every site in one
    }
)
"""Whose rows a person sees and writes, by table; of any other table all, if one is a person there."""

FUNCTIONS = f"""
CREATE OR REPLACE FUNCTION seen() RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = {SCHEMA}, pg_temp AS $$
  SELECT is_program() OR me() IS NOT NULL
$$;
CREATE OR REPLACE FUNCTION every_site() RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = {SCHEMA}, pg_temp AS $$
  SELECT is_program() OR (me() IS NOT NULL AND NOT EXISTS (SELECT 1 FROM person_site WHERE person_id = me()))
$$;
CREATE OR REPLACE FUNCTION site_open(wanted bigint) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = {SCHEMA}, pg_temp AS $$
  SELECT EXISTS (SELECT 1 FROM person_site WHERE person_id = me() AND site_id = wanted)
$$;
CREATE OR REPLACE FUNCTION location_open(wanted bigint) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = {SCHEMA}, pg_temp AS $$
  SELECT EXISTS (SELECT 1 FROM location AS l JOIN person_site AS s ON s.site_id = l.site_id
                 WHERE l.id = wanted AND s.person_id = me())
$$;
CREATE OR REPLACE FUNCTION key_open(wanted bigint) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = {SCHEMA}, pg_temp AS $$
  SELECT EXISTS (SELECT 1 FROM stock_key AS k JOIN location AS l ON l.id = k.location_id
                 JOIN person_site AS s ON s.site_id = l.site_id WHERE k.id = wanted AND s.person_id = me())
$$;
CREATE OR REPLACE FUNCTION case_open(wanted bigint) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = {SCHEMA}, pg_temp AS $$
  SELECT key_open((SELECT c.key_id FROM stock_case AS c WHERE c.id = wanted))
$$;
CREATE OR REPLACE FUNCTION sheet_open(wanted bigint) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = {SCHEMA}, pg_temp AS $$
  SELECT NOT EXISTS (SELECT 1 FROM count_line AS n WHERE n.sheet_id = wanted)
      OR EXISTS (SELECT 1 FROM count_line AS n WHERE n.sheet_id = wanted AND key_open(n.key_id))
$$;
CREATE OR REPLACE FUNCTION sheet_elsewhere(wanted bigint) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = {SCHEMA}, pg_temp AS $$
  SELECT NOT every_site() AND EXISTS (
    SELECT 1 FROM count_line AS n WHERE n.sheet_id = wanted AND NOT key_open(n.key_id))
$$;
CREATE OR REPLACE FUNCTION item_elsewhere(wanted bigint) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = {SCHEMA}, pg_temp AS $$
  SELECT NOT every_site() AND EXISTS (
    SELECT 1 FROM stock_key AS k WHERE k.item_id = wanted AND NOT location_open(k.location_id))
$$;
CREATE OR REPLACE FUNCTION locations_elsewhere(codes text) RETURNS SETOF text
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = {SCHEMA}, pg_temp AS $$
  SELECT l.code FROM location AS l
  WHERE l.code IN (SELECT g.value FROM json_each(codes) AS g)
    AND NOT every_site() AND NOT site_open(l.site_id)
$$;
CREATE OR REPLACE FUNCTION references_elsewhere(source bigint, wanted text) RETURNS SETOF text
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = {SCHEMA}, pg_temp AS $$
  SELECT m.reference FROM movement AS m
  WHERE m.source_id = source AND m.reference IN (SELECT g.value FROM json_each(wanted) AS g)
    AND NOT every_site() AND NOT key_open(m.key_id)
$$;
CREATE OR REPLACE FUNCTION promised_short() RETURNS SETOF bigint
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = {SCHEMA}, pg_temp AS $$
  SELECT w.item_id FROM ({PROMISES}) AS w WHERE w.location_id IS NULL GROUP BY w.item_id
  HAVING SUM(w.quantity) > COALESCE((
    SELECT SUM(b.on_hand) FROM balance AS b JOIN stock_key AS k ON k.id = b.key_id
    WHERE k.status = 'available' AND k.item_id = w.item_id), 0)
$$;
CREATE OR REPLACE FUNCTION newest_of(kind text) RETURNS bigint
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = {SCHEMA}, pg_temp AS $$
  SELECT CASE kind WHEN 'movement' THEN (SELECT max(m.seq) FROM movement AS m)
                   WHEN 'adjustment' THEN (SELECT max(a.id) FROM adjustment AS a)
                   WHEN 'count_sheet' THEN (SELECT max(s.id) FROM count_sheet AS s) END
$$;
CREATE OR REPLACE FUNCTION hidden_after(wanted bigint) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = {SCHEMA}, pg_temp AS $$
  SELECT NOT every_site() AND EXISTS (
    SELECT 1 FROM movement AS m WHERE m.seq > wanted AND NOT key_open(m.key_id))
$$;
CREATE OR REPLACE FUNCTION line_open(wanted bigint) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = {SCHEMA}, pg_temp AS $$
  SELECT key_open((SELECT n.key_id FROM count_line AS n WHERE n.id = wanted))
$$;
CREATE OR REPLACE FUNCTION entry_open(wanted bigint) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = {SCHEMA}, pg_temp AS $$
  SELECT line_open((SELECT e.line_id FROM count_entry AS e WHERE e.id = wanted))
$$;
CREATE OR REPLACE FUNCTION adjustment_open(wanted bigint) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = {SCHEMA}, pg_temp AS $$
  SELECT key_open((SELECT a.key_id FROM adjustment AS a WHERE a.id = wanted))
$$;
"""


def rows() -> str:
    """Row security: people of this database only, and of these each the rows of their sites."""
    lines = []
    for table in sorted(metadata.tables):
        which = _ROWS.get(table, _OPEN)
        lines += [
            f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY;",
            f"DROP POLICY IF EXISTS open_rows ON {table};",
            (
                f"CREATE POLICY open_rows ON {table} FOR ALL TO {PEOPLE}, {PROGRAM}"
                f" USING ({which}) WITH CHECK ({which});"
            ),
        ]
    return "\n".join(lines)
