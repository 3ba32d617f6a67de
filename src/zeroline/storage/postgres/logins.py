"""People as login roles of the server: one login a person, in the group of their role, never reused.

Roles are made and changed by functions that run as :data:`DEFINER`, which may create roles and owns nothing
else; they look at the table of people, so that nothing can be granted that the table does not say. The server
never sees a password: it is given a SCRAM verifier, made on the workstation.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from zeroline.domain.person import Role
from zeroline.storage.postgres.access import GROUPS, OWNER, PEOPLE
from zeroline.storage.postgres.functions import PROGRAM, SCHEMA
from zeroline.storage.scram import verifier

if TYPE_CHECKING:
    from zeroline.storage.unit_of_work import PlainWork

DEFINER = "zeroline_definer"

_GROUPS = ", ".join(GROUPS.values())

_FUNCTIONS = f"""
CREATE OR REPLACE FUNCTION keep_login(wanted bigint, verifier text) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = {SCHEMA}, pg_temp AS $$
DECLARE
  who person;
  there boolean;
  pid integer;
BEGIN
  SELECT * INTO who FROM person AS p WHERE p.id = wanted;
  IF who.id IS NULL THEN RAISE EXCEPTION 'zeroline:person-unknown: there is no such person'; END IF;
  IF NOT is_program() AND COALESCE(my_role(), '') <> '{Role.ADMINISTRATOR.value}'
      AND me() IS DISTINCT FROM wanted THEN
    RAISE EXCEPTION 'zeroline:not-allowed: only an administrator looks after the logins of others';
  END IF;
  IF verifier IS NOT NULL AND verifier !~ '^SCRAM-SHA-256\\$[0-9]+:' THEN
    RAISE EXCEPTION 'zeroline:secret-plain: the server is given a verifier, never a password';
  END IF;
  SELECT pg_has_role(r.oid, '{PEOPLE}', 'MEMBER')
      OR COALESCE(shobj_description(r.oid, 'pg_authid'), '') = 'Zeroline'
    INTO there FROM pg_roles AS r WHERE r.rolname = who.login;
  IF there IS NULL THEN
    EXECUTE format('CREATE ROLE %I NOLOGIN', who.login);
    EXECUTE format('COMMENT ON ROLE %I IS %L', who.login, 'Zeroline');
  ELSIF NOT there THEN
    RAISE EXCEPTION 'zeroline:login-on-server: the server has a login of this name that is nobody of ours';
  END IF;
  IF EXISTS (SELECT 1 FROM pg_roles AS r WHERE r.rolname = who.login AND (r.rolsuper OR r.rolcreaterole))
      OR pg_has_role(who.login, '{PROGRAM}', 'MEMBER') THEN
    RAISE EXCEPTION 'zeroline:login-on-server: this login may more than a person may';
  END IF;
  IF verifier IS NOT NULL THEN
    EXECUTE format('ALTER ROLE %I PASSWORD %L', who.login, verifier);
    IF EXISTS (SELECT 1 FROM pg_roles AS r WHERE r.rolname = who.login AND r.rolvaliduntil < now()) THEN
      EXECUTE format('ALTER ROLE %I VALID UNTIL %L', who.login, 'infinity');  -- else the new one is no use
    END IF;
    INSERT INTO audit_entry (at, action, subject, facts) VALUES (
      CAST(NULLIF(current_setting('zeroline.moment', TRUE), '') AS bigint),
      'login secret set', 'person ' || wanted, '{{}}');
  END IF;
  EXECUTE format('REVOKE {_GROUPS} FROM %I', who.login);
  IF who.active THEN
    EXECUTE format('ALTER ROLE %I LOGIN', who.login);
    EXECUTE format('GRANT %I TO %I', 'zeroline_' || who.role, who.login);
  ELSE
    EXECUTE format('ALTER ROLE %I NOLOGIN', who.login);
    FOR pid IN SELECT a.pid FROM pg_stat_activity AS a
        WHERE a.usename = who.login AND a.pid <> pg_backend_pid() LOOP
      PERFORM pg_terminate_backend(pid);
    END LOOP;
  END IF;
END $$;
"""


def role() -> str:
    """The role that keeps logins; made by who may create roles."""
    admin = "".join(f"GRANT {group} TO {DEFINER} WITH ADMIN OPTION;" for group in GROUPS.values())
    return (
        "DO $$ BEGIN IF NOT EXISTS (SELECT 1 FROM pg_roles"
        f" WHERE rolname = '{DEFINER}') THEN CREATE ROLE {DEFINER} NOLOGIN CREATEROLE; END IF; END $$;\n"
        f"{admin}\nGRANT pg_signal_backend, pg_read_all_stats TO {DEFINER};\nGRANT {DEFINER} TO CURRENT_USER;"
    )


def script() -> str:
    """The function that keeps a login in line with its person."""
    return _FUNCTIONS


def handed_over() -> str:
    """Give the function to the role that may create roles; it reads the table of people, and each
    password that it sets leaves an entry in the audit trail."""
    return (
        f"GRANT USAGE ON SCHEMA {SCHEMA} TO {DEFINER};\n"
        f"GRANT SELECT ON {SCHEMA}.person TO {DEFINER};\n"
        f"DROP POLICY IF EXISTS keeping ON {SCHEMA}.person;\n"
        f"CREATE POLICY keeping ON {SCHEMA}.person FOR SELECT TO {DEFINER} USING (TRUE);\n"
        f"GRANT INSERT (at, action, subject, facts) ON {SCHEMA}.audit_entry TO {DEFINER};\n"
        f"DROP POLICY IF EXISTS keeping ON {SCHEMA}.audit_entry;\n"
        f"CREATE POLICY keeping ON {SCHEMA}.audit_entry FOR INSERT TO {DEFINER} WITH CHECK (TRUE);\n"
        f"GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA {SCHEMA} TO {DEFINER};\n"
        f"GRANT CREATE ON SCHEMA {SCHEMA} TO {DEFINER};\n"
        f"ALTER FUNCTION {SCHEMA}.keep_login(bigint, text) OWNER TO {DEFINER};\n"
        f"REVOKE CREATE ON SCHEMA {SCHEMA} FROM {DEFINER};\n"
        f"REVOKE ALL ON FUNCTION {SCHEMA}.keep_login(bigint, text) FROM PUBLIC, {OWNER};\n"
        f"GRANT EXECUTE ON FUNCTION {SCHEMA}.keep_login(bigint, text) TO {PEOPLE}, {PROGRAM};"
    )


def made(connection: Any, login: str, secret: str) -> str:
    """The verifier of a secret; nothing is sent over the connection."""
    return verifier(connection.connection.driver_connection.pgconn, login, secret)


def keep(work: PlainWork, person_id: int, verifier: str | None = None) -> None:
    """Bring a person's login in line with the table of people; with another secret if its verifier is given.

    Raises DomainError ``login-on-server``, ``not-allowed``, ``person-unknown``.
    """
    work.connection.exec_driver_sql("SELECT keep_login(CAST(? AS bigint), ?)", (person_id, verifier))
