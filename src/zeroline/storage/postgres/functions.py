"""Functions of the schema: what statements share with SQLite, the clock, who is there, and the audit chain.

Every function that looks at tables has a fixed search path; those that must see past a person's own rights
run as the owner (SECURITY DEFINER) and ask for ``session_user``, never ``current_user``: SET ROLE changes
the one and not the other.
"""

from __future__ import annotations

from zeroline.domain.audit import GENESIS
from zeroline.domain.instant import MINUTE
from zeroline.storage.postgres.locks import CHAIN, WRITER
from zeroline.storage.postgres.locks import FUNCTIONS as _LOCKS

SCHEMA = "zeroline"
PROGRAM = "zeroline_program"
"""Its members are the program itself (nightly jobs, moving, tests): they may act for a person, and they say
for whom in the setting ``zeroline.person``. A person's own login never is one of them."""

CHANNEL = "zeroline_news"

LONGEST = 5 * MINUTE
"""µs a record may be dated back: writes that touch other things may be done meanwhile, but no transaction is
held open to write into yesterday."""

_SHARED = r"""
CREATE OR REPLACE FUNCTION json_each(document text, path text DEFAULT '$')
RETURNS TABLE (key text, value text, type text) LANGUAGE sql IMMUTABLE PARALLEL SAFE ROWS 20
SET search_path = pg_catalog AS $$
  WITH given AS (SELECT jsonb_path_query_first(document::jsonb, path::jsonpath) AS whole)
  SELECT CAST(e.place - 1 AS text), e.one #>> '{}', jsonb_typeof(e.one) FROM given,
         jsonb_array_elements(CASE jsonb_typeof(whole) WHEN 'array' THEN whole ELSE '[]' END)
         WITH ORDINALITY AS e(one, place)
  UNION ALL
  SELECT m.name, m.one #>> '{}', jsonb_typeof(m.one) FROM given,
         jsonb_each(CASE jsonb_typeof(whole) WHEN 'object' THEN whole ELSE '{}' END) AS m(name, one)
$$;

CREATE OR REPLACE FUNCTION json_extract(document text, path text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog AS $$
  SELECT CASE found WHEN 'true'::jsonb THEN '1' WHEN 'false'::jsonb THEN '0' ELSE found #>> '{}' END
  FROM jsonb_path_query_first(document::jsonb, path::jsonpath) AS found
$$;

CREATE OR REPLACE FUNCTION json_valid(document text) RETURNS boolean
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog AS $$
BEGIN
  PERFORM document::jsonb;
  RETURN document IS NOT NULL;
EXCEPTION WHEN OTHERS THEN
  RETURN FALSE;
END $$;

CREATE OR REPLACE FUNCTION instr(whole text, part text) RETURNS integer
LANGUAGE sql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog AS 'SELECT strpos(whole, part)';
"""

_CLOCK = f"""
CREATE OR REPLACE FUNCTION is_program() RETURNS boolean
LANGUAGE sql STABLE SET search_path = pg_catalog AS $$
  SELECT pg_has_role(session_user, '{PROGRAM}', 'MEMBER')
$$;

CREATE OR REPLACE FUNCTION now_us() RETURNS bigint LANGUAGE sql VOLATILE SET search_path = pg_catalog AS $$
  SELECT CAST(floor(extract(epoch FROM clock_timestamp()) * 1000000) AS bigint)
$$;
"""

_PEOPLE = f"""
CREATE OR REPLACE FUNCTION earliest() RETURNS bigint
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = {SCHEMA}, pg_temp AS $$
  SELECT CASE WHEN is_program() THEN COALESCE(max(last.at), 0)
              ELSE LEAST(COALESCE(max(last.at), 0), GREATEST(
                CAST(floor(extract(epoch FROM transaction_timestamp()) * 1000000) AS bigint),
                now_us() - {LONGEST})) END
  FROM (SELECT t.at FROM audit_entry AS t ORDER BY t.seq DESC LIMIT 1) AS last
$$;

CREATE OR REPLACE FUNCTION me() RETURNS bigint
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = {SCHEMA}, pg_temp AS $$
  SELECT CASE WHEN is_program() THEN CAST(NULLIF(current_setting('zeroline.person', TRUE), '') AS bigint)
              ELSE (SELECT p.id FROM person AS p WHERE p.login = CAST(session_user AS text) AND p.active) END
$$;

CREATE OR REPLACE FUNCTION my_role() RETURNS text
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = {SCHEMA}, pg_temp AS $$
  SELECT CASE WHEN is_program() THEN 'program'
              ELSE (SELECT p.role FROM person AS p
                    WHERE p.login = CAST(session_user AS text) AND p.active) END
$$;

DROP FUNCTION IF EXISTS begin_write(bigint, bigint);
CREATE OR REPLACE FUNCTION begin_write(claimed bigint, program_now bigint, kinds text[], ids bigint[],
                                       OUT moment bigint, OUT doer bigint)
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = {SCHEMA}, pg_temp AS $$
DECLARE
  last bigint;
  here bigint;
BEGIN
  IF kinds IS NULL OR is_program() THEN
    PERFORM pg_advisory_xact_lock({WRITER});
  ELSE
    PERFORM hold(kinds, ids);
  END IF;
  IF is_program() THEN
    PERFORM set_config('zeroline.person', CAST(claimed AS text), TRUE);
    here := program_now;
    doer := claimed;
  ELSE
    doer := me();
    IF doer IS NULL OR claimed NOT IN (0, doer) THEN
      RAISE EXCEPTION 'zeroline:not-allowed: a write is made as who is signed in';
    END IF;
    here := now_us();
  END IF;
  SELECT t.at INTO last FROM audit_entry AS t ORDER BY t.seq DESC LIMIT 1;
  moment := GREATEST(here, COALESCE(last, here));
  PERFORM set_config('zeroline.moment', CAST(moment AS text), TRUE);  -- for entries of our own functions
END $$;
"""

_AUDIT = f"""
CREATE OR REPLACE FUNCTION json_text(given text) RETURNS text
LANGUAGE plpgsql IMMUTABLE SET search_path = pg_catalog AS $$
DECLARE
  made text := replace(replace(given, '\\', '\\\\'), '"', '\\"');
  code integer;
BEGIN
  IF made ~ '[\\x01-\\x1f]' THEN
    made := replace(replace(replace(replace(replace(made, chr(8), '\\b'), chr(9), '\\t'), chr(10), '\\n'),
                            chr(12), '\\f'), chr(13), '\\r');
    FOR code IN 1..31 LOOP
      IF code NOT IN (8, 9, 10, 12, 13) THEN
        made := replace(made, chr(code), '\\u' || lpad(to_hex(code), 4, '0'));
      END IF;
    END LOOP;
  END IF;
  RETURN '"' || made || '"';
END $$;

CREATE OR REPLACE FUNCTION chain_entry() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = {SCHEMA}, pg_temp AS $$
DECLARE
  last audit_entry;
  doer bigint := me();
BEGIN
  PERFORM pg_advisory_xact_lock({CHAIN});
  SELECT * INTO last FROM audit_entry ORDER BY seq DESC LIMIT 1;
  IF doer IS NULL AND NOT is_program() AND pg_has_role(session_user, 'zeroline_people', 'MEMBER') THEN
    RAISE EXCEPTION 'zeroline:not-allowed: nobody without an account leaves entries in the audit trail';
  END IF;
  NEW.seq := COALESCE(last.seq, 0) + 1;
  NEW.previous := COALESCE(last.hash, '{GENESIS}');
  NEW.person_id := COALESCE(doer, 0);
  -- The instant of the write, as begin_write told it; any other than of this transaction is not believed.
  IF NEW.at IS NULL OR (NOT is_program() AND NEW.at NOT BETWEEN
      CAST(floor(extract(epoch FROM transaction_timestamp()) * 1000000) AS bigint) AND now_us()) THEN
    NEW.at := now_us();
  END IF;
  NEW.at := GREATEST(NEW.at, COALESCE(last.at, NEW.at));
  NEW.hash := encode(sha256(convert_to(
    '[' || json_text(NEW.previous) || ',' || NEW.seq || ',' || NEW.at || ',' || NEW.person_id || ','
    || json_text(NEW.action) || ',' || json_text(NEW.subject) || ',' || json_text(NEW.facts) || ']',
    'UTF8')), 'hex');
  RETURN NEW;
END $$;

CREATE OR REPLACE FUNCTION tell_entry() RETURNS trigger
LANGUAGE plpgsql SET search_path = {SCHEMA}, pg_temp AS $$
BEGIN
  PERFORM pg_notify('{CHANNEL}', NEW.seq || ' ' || NEW.person_id || ' ' || NEW.subject);
  RETURN NULL;
END $$;

CREATE OR REPLACE FUNCTION tell_presence() RETURNS trigger
LANGUAGE plpgsql SET search_path = {SCHEMA}, pg_temp AS $$
BEGIN
  PERFORM pg_notify('{CHANNEL}',
                    'presence ' || CASE TG_OP WHEN 'DELETE' THEN OLD.subject ELSE NEW.subject END);
  RETURN NULL;
END $$;
"""

_COMMANDS = f"""
CREATE OR REPLACE FUNCTION command_told(wanted text)
RETURNS TABLE (person_id bigint, verb text, arguments text, result text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = {SCHEMA}, pg_temp AS $$
  SELECT c.person_id, c.verb, c.arguments, CASE WHEN c.person_id = me() THEN c.result ELSE '' END
  FROM command AS c WHERE c.key = wanted
$$;
"""
"""Whoever lost an answer gets it again; nobody reads what others were answered."""

_STATISTICS = f"""
CREATE OR REPLACE FUNCTION refresh_statistics() RETURNS void
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = {SCHEMA}, pg_temp AS $$
BEGIN
  ANALYZE stock_key, movement, balance, episode, stock_case, case_event, diagnosis;
END $$;
"""
"""The server looks by itself a minute later; the queue is opened before."""

BEFORE_TABLES = _SHARED + _CLOCK
"""Functions that no table is needed for."""

OVER_TABLES = _PEOPLE + _LOCKS + _AUDIT + _COMMANDS + _STATISTICS
"""Functions over the tables."""

TRIGGERS = """
CREATE OR REPLACE TRIGGER a_chain_entry BEFORE INSERT ON audit_entry
FOR EACH ROW EXECUTE FUNCTION chain_entry();
ALTER TABLE audit_entry ENABLE ALWAYS TRIGGER a_chain_entry;
CREATE OR REPLACE TRIGGER z_tell_entry AFTER INSERT ON audit_entry
FOR EACH ROW EXECUTE FUNCTION tell_entry();
CREATE OR REPLACE TRIGGER z_tell_presence AFTER INSERT OR DELETE ON presence
FOR EACH ROW EXECUTE FUNCTION tell_presence();
"""
