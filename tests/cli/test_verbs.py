"""The headless verbs: what they print, what they answer, what they leave behind."""

from __future__ import annotations

import csv
import io
import json
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from support.command_line import Line
from support.files import text_file, workbook
from zeroline import __version__
from zeroline.cli import Exit
from zeroline.cli.verbs import VERBS

HEAD = "movement_id,item,location,quantity,recorded_at\n"
ROWS = HEAD + "m1,00123,A-01,-5,2026-01-01\nm2,00123,A-01,10,2026-01-02T12:00:00\nm3,B,A-02,-2.5,2026-01-03\n"


# --- import, negatives, episodes


def test_an_import_makes_the_database_and_says_what_came_of_it(line: Line, tmp_path: Path) -> None:
    answer = line("import", text_file(tmp_path, ROWS, "movements.csv"))
    assert (answer.code, answer.err) == (Exit.DONE, "")
    assert answer.out.splitlines() == [
        "movements.csv (movements): 3 rows read, 3 added, 0 already known, 0 rejected",
        "2 unknown items created: 00123, B",
        "2 unknown locations created: A-01, A-02",
    ]


def test_negatives_are_printed_as_csv(line: Line, tmp_path: Path) -> None:
    line("import", text_file(tmp_path, ROWS))
    answer = line("negatives", "--format", "csv")
    assert answer.out == (
        "item,location,lot,status,on_hand,since,episode_depth,unit_days,value_days\n"
        "B,A-02,,available,-2.5,2026-01-03T00:00:00Z,-2.5,0,0\n"
    )


def test_episodes_are_printed_as_csv_with_their_value(line: Line, tmp_path: Path) -> None:
    line("import", text_file(tmp_path, "item,unit_cost\n00123,0.10\n", "items.csv"), "--kind", "items")
    line("import", text_file(tmp_path, ROWS))
    answer = line("episodes", "--format", "csv")
    assert answer.out == (
        "item,location,lot,status,started_at,ended_at,depth,unit_days,value_days,transient,"
        "opening_movement,closing_movement\n"
        "00123,A-01,,available,2026-01-01T00:00:00Z,2026-01-02T12:00:00Z,-5,7.5,0.75,false,m1,m2\n"
        "B,A-02,,available,2026-01-03T00:00:00Z,,-2.5,0,0,false,m3,\n"
    )


def test_what_is_open_can_be_measured_to_another_instant(line: Line, tmp_path: Path) -> None:
    line("import", text_file(tmp_path, ROWS))
    later = line("negatives", "--format", "csv", "--as-of", "2026-01-05T00:00:00Z")
    assert later.out.splitlines()[1] == "B,A-02,,available,-2.5,2026-01-03T00:00:00Z,-2.5,5,0"
    before = line("negatives", "--format", "csv", "--as-of", "2026-01-01T12:00:00")
    assert before.out.splitlines()[1] == "00123,A-01,,available,-5,2026-01-01T00:00:00Z,-5,2.5,0"


def test_the_physical_order_goes_by_when_things_happened(line: Line, tmp_path: Path) -> None:
    path = text_file(
        tmp_path,
        "movement_id,item,location,quantity,occurred_at,recorded_at\n"
        "m1,A,X,-5,2026-01-02,2026-01-02\nm2,A,X,5,2026-01-01,2026-01-03\n",
    )
    line("import", path)
    (episode,) = csv.DictReader(io.StringIO(line("episodes", "--format", "csv").out))
    assert (episode["transient"], episode["unit_days"]) == ("true", "5")
    assert line("episodes", "--format", "csv", "--order", "physical").out.count("\n") == 1
    assert line("negatives", "--order", "physical").out == "Nothing is below zero.\n"


def test_a_list_can_be_a_table_for_eyes_or_json(line: Line, tmp_path: Path) -> None:
    line("import", text_file(tmp_path, ROWS))
    table = line("negatives").out
    assert table.startswith("item  location  lot  status     on hand  since ")
    assert "\N{MINUS SIGN}2.5" in table
    (entry, _) = json.loads(line("episodes", "--format", "json").out)
    assert (entry["depth"], entry["transient"], entry["ended_at"]) == ("-5", False, "2026-01-02T12:00:00Z")


def test_rows_are_in_one_order_whatever_the_order_of_import(line: Line, tmp_path: Path) -> None:
    rows = [f"m{n},{item},{place},-1,2026-01-0{n}\n" for n, (item, place) in enumerate(("BY", "BX", "AZ"), 1)]
    line("import", text_file(tmp_path, HEAD + "".join(rows)))
    found = list(csv.DictReader(io.StringIO(line("negatives", "--format", "csv").out)))
    assert [(row["item"], row["location"]) for row in found] == [("A", "Z"), ("B", "X"), ("B", "Y")]


def test_rejected_rows_are_told_written_and_answered_by_the_exit_code(line: Line, tmp_path: Path) -> None:
    path = text_file(tmp_path, ROWS + "m4,B,A-02,many,2026-01-04\n")
    answer = line("import", path, "--rejects", tmp_path / "rejects.csv")
    assert answer.code == Exit.SOME_REJECTED
    assert "row 5, quantity: “many” is not a number" in answer.err
    assert (
        (tmp_path / "rejects.csv")
        .read_text("utf-8-sig")
        .splitlines()[1]
        .startswith("m4,B,A-02,many,2026-01-04,5,")
    )
    assert line("import", tmp_path / "rejects.csv").code == Exit.REFUSED


def test_rejects_of_several_files_are_written_apart_and_long_lists_cut(line: Line, tmp_path: Path) -> None:
    first = text_file(tmp_path, HEAD + "m,A,X,?,2026-01-01\n" * 30, "first.csv")
    second = text_file(tmp_path, ROWS + "m,A,X,?,2026-01-01\n", "second.csv")
    answer = line("import", first, second, "--rejects", tmp_path / "rejects.csv")
    assert "… and 10 more rejected rows" in answer.err
    assert len((tmp_path / "rejects.csv").read_text("utf-8").splitlines()) == 31
    assert len((tmp_path / "rejects-2.csv").read_text("utf-8").splitlines()) == 2


def test_many_created_items_are_counted_and_some_named(line: Line, tmp_path: Path) -> None:
    answer = line(
        "import", text_file(tmp_path, HEAD + "".join(f"{n},I{n},X,1,2026-01-01\n" for n in range(25)))
    )
    assert "25 unknown items created: I0, I1" in answer.out
    assert "… and 5 more" in answer.out


def test_importing_again_says_that_all_is_known(line: Line, tmp_path: Path) -> None:
    path = text_file(tmp_path, ROWS)
    line("import", path)
    answer = line("import", path)
    assert (answer.code, answer.out) == (
        Exit.DONE,
        "file.csv (movements): 3 rows read, 0 added, 3 already known, 0 rejected\n",
    )


def test_the_result_of_an_import_can_be_json(line: Line, tmp_path: Path) -> None:
    result = json.loads(line("import", text_file(tmp_path, ROWS + "m4,B\n"), "--format", "json").out)
    (file,) = result["files"]
    assert (file["read"], file["added"], file["rejected"]) == (4, 3, 1)
    assert file["problems"][0]["code"] == "row-ragged"
    assert result["created_items"] == ["00123", "B"]


def test_a_mapping_and_a_kind_choose_what_is_imported(line: Line, tmp_path: Path) -> None:
    mapping = text_file(
        tmp_path,
        """
        [[files]]
        file = "stock.csv"
        kind = "movements"
        skip = [{ column = "What", equals = "info" }]
        [files.columns]
        item = "Article"
        location = "Bin"
        quantity = "Change"
        occurred_at = "When"
        [[files]]
        file = "articles.csv"
        kind = "items"
        [files.columns]
        item = "Article"
        description = "Name"
        """,
        "m.toml",
    )
    text_file(
        tmp_path, "Article,Bin,Change,When,What\nA,X,-1,2026-01-01,\nA,X,-1,2026-01-01,info\n", "stock.csv"
    )
    text_file(tmp_path, "Article,Name\nA,Apple\n", "articles.csv")
    first = line("import", tmp_path, "--mapping", mapping, "--kind", "items")
    assert first.out == "articles.csv (items): 1 rows read, 1 added, 0 already known, 0 rejected\n"
    second = line("import", tmp_path, "--mapping", mapping)
    assert "1 passed over" in second.out
    assert "1 already known" in second.out


def test_a_preview_writes_nothing(line: Line, tmp_path: Path) -> None:
    answer = line("import", text_file(tmp_path, ROWS + "m4,B\n"), "--preview")
    assert "row 2: item 00123, location A-01" in answer.out
    assert "row 5: The row has 2 cells" in answer.out
    assert not line.database.exists()


def test_a_workbook_is_imported_too(line: Line, tmp_path: Path) -> None:
    path = workbook(tmp_path, [HEAD.strip().split(","), ["m1", "00123", "A", -5, "2026-01-01"]])
    assert line("import", path).code == Exit.DONE
    assert line("negatives", "--format", "csv").out.splitlines()[1].startswith("00123,A,,available,-5,")


def test_a_mapping_to_start_from_is_printed_or_suggested(line: Line, tmp_path: Path) -> None:
    assert line.bare("mapping").out.startswith("# A mapping says how")
    path = text_file(tmp_path, "SKU;Bin;Qty;Date;Colour\nA;X;-1;2026-01-01;red\n")
    suggested = line.bare("mapping", path)
    assert suggested.err == "Columns that no field is suggested for: Colour\n"
    mapping = text_file(tmp_path, suggested.out, "m.toml")
    assert line("import", path, "--mapping", mapping).out.startswith(
        "file.csv (movements): 1 rows read, 1 added"
    )
    assert line.bare("mapping", tmp_path / "absent.csv").code == Exit.REFUSED


# --- refusals


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"item,location\nA,X\n",
        b"\x89PNG\r\n\x1a\n\x00\x00",
        b"PK\x03\x04 not a workbook",
        b"\x00" * 1000,
        b'"' * 1001,
    ],
)
def test_a_file_that_cannot_be_understood_is_refused_in_one_sentence_and_leaves_nothing(
    line: Line, tmp_path: Path, content: bytes
) -> None:
    answer = line("import", text_file(tmp_path, content))
    assert (answer.code, answer.out) == (Exit.REFUSED, "")
    assert len(answer.err.splitlines()) == 1
    assert not line.database.exists()


def test_a_mapping_with_a_mistake_names_its_place(line: Line, tmp_path: Path) -> None:
    mapping = text_file(tmp_path, 'kind = "movements"\n[columns]\nitm = "Item"\n', "m.toml")
    answer = line("import", text_file(tmp_path, ROWS), "--mapping", mapping)
    assert (answer.code, answer.err) == (Exit.REFUSED, "columns: no field is called “itm”.\n")


@pytest.mark.parametrize("verb", [("negatives",), ("episodes",), ("audit", "verify")])
def test_reading_a_database_that_is_not_there_is_trouble_and_makes_none(
    line: Line, verb: tuple[str, ...]
) -> None:
    answer = line(*verb)
    assert answer.code == Exit.TROUBLE
    assert "There is no inventory database" in answer.err
    assert not line.database.exists()


def test_a_file_that_is_no_database_is_trouble_and_stays_as_it_is(line: Line, tmp_path: Path) -> None:
    line.database.write_text("my diary " * 200)
    answer = line("import", text_file(tmp_path, ROWS))
    assert answer.code == Exit.TROUBLE
    assert line.database.read_text() == "my diary " * 200


def test_another_kind_of_database_is_trouble(line: Line, tmp_path: Path) -> None:
    answer = line.bare("--database", "oracle://x", "import", text_file(tmp_path, ROWS))
    assert (answer.code, "not the address of a database" in answer.err) == (Exit.TROUBLE, True)


@pytest.mark.parametrize(
    "arguments",
    [("fly",), ("import",), ("negatives", "--order", "alphabetical"), ("episodes", "--as-of", "soon")],
)
def test_what_is_not_understood_is_a_usage_error(line: Line, arguments: tuple[str, ...]) -> None:
    answer = line(*arguments)
    assert answer.code == Exit.USAGE
    assert "usage: zeroline" in answer.err


def test_a_fault_of_the_program_is_one_sentence_and_a_file(
    line: Line, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(folder: Path, say: object) -> int:
        raise RuntimeError("loose screw")

    monkeypatch.setattr(line.programs, "screenshots", broken)
    answer = line("screenshots", tmp_path)
    assert answer.code == Exit.BUG
    assert len(answer.err.splitlines()) == 1
    file = Path(answer.err.strip().removesuffix(".").rpartition(" ")[2])
    assert "loose screw" in file.read_text("utf-8")


def test_stopping_by_the_keyboard_is_no_fault(
    line: Line, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stopped(folder: Path, say: object) -> int:
        raise KeyboardInterrupt

    monkeypatch.setattr(line.programs, "screenshots", stopped)
    assert line("screenshots", tmp_path).code == Exit.CANCELLED


# --- the other verbs


def test_setup_makes_the_database_and_a_first_administrator(
    line: Line, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "The first start of the window makes the administrator." in line("setup").out
    monkeypatch.setattr("sys.stdin", io.StringIO("correct horse\n"))
    answer = line("setup", "--administrator", "ada", "--name", "Ada")
    assert (answer.code, "Ada can sign in as ada." in answer.out) == (Exit.DONE, True)
    monkeypatch.setattr("sys.stdin", io.StringIO("correct horse\n"))
    assert line("setup", "--administrator", "eve").code == Exit.REFUSED
    assert "administrator" not in line("setup").out


def test_the_audit_trail_is_verified_against_a_head_from_paper(line: Line, tmp_path: Path) -> None:
    line("import", text_file(tmp_path, ROWS))
    first = line("audit", "verify")
    assert first.code == Exit.DONE
    assert "Only a head from outside" in first.err
    head = first.out.strip().rpartition(" ")[2]
    line("import", text_file(tmp_path, ROWS))
    assert line("audit", "verify", "--head", head).code == Exit.DONE
    wrong = line("audit", "verify", "--head", "0" * 63 + "1")
    assert (wrong.code, "The head given is not in this trail" in wrong.out) == (Exit.NOT_VERIFIED, True)


def test_an_edited_trail_and_a_dropped_guard_are_found(line: Line, tmp_path: Path) -> None:
    line("import", text_file(tmp_path, ROWS))
    with sqlite3.connect(line.database) as raw:
        guards = [
            row[0]
            for row in raw.execute(
                "SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'audit_entry'"
            )
        ]
        for guard in guards:
            raw.execute(f'DROP TRIGGER "{guard}"')
        raw.execute("UPDATE audit_entry SET facts = '{}' WHERE seq = 2")
    raw.close()
    answer = line("audit", "verify")
    assert answer.code == Exit.NOT_VERIFIED
    assert "Entry 2 was edited after it was written." in answer.out
    assert answer.out.count("A guard of the database is missing") == len(guards)


def test_a_balance_changed_behind_the_ledger_is_found_and_made_anew(line: Line, tmp_path: Path) -> None:
    line("import", text_file(tmp_path, ROWS))
    with sqlite3.connect(line.database) as raw:
        raw.execute("UPDATE balance SET on_hand = on_hand + 1")
    raw.close()
    found = line("audit", "verify")
    assert (found.code, "Kept otherwise than the movements say: balance" in found.out) == (
        Exit.NOT_VERIFIED,
        True,
    )
    assert line("setup", "--rebuild").code == Exit.DONE
    assert line("audit", "verify").code == Exit.DONE


def test_a_report_is_written_as_pdf_or_workbook(line: Line, tmp_path: Path) -> None:
    line("import", text_file(tmp_path, ROWS))
    for name, start in (("negatives.pdf", b"%PDF"), ("negatives.xlsx", b"PK")):
        answer = line("report", "negatives", "--out", tmp_path / name)
        assert (answer.code, (tmp_path / name).read_bytes()[: len(start)]) == (Exit.DONE, start)


def test_a_report_that_cannot_be_written_is_trouble(line: Line, tmp_path: Path) -> None:
    line("import", text_file(tmp_path, ROWS))
    answer = line("report", "negatives", "--out", tmp_path / "no" / "report.pdf")
    assert (answer.code, "cannot be written" in answer.err) == (Exit.TROUBLE, True)


def test_a_report_of_a_sheet_needs_its_number(line: Line, tmp_path: Path) -> None:
    line("import", text_file(tmp_path, ROWS))
    assert line("report", "count-sheet", "--out", tmp_path / "sheet.pdf").code == Exit.REFUSED


def test_the_version_is_said(line: Line) -> None:
    answer = line.bare("--version")
    assert (answer.code, answer.out) == (Exit.DONE, f"zeroline {__version__}\n")


def test_help_names_every_verb_and_every_exit_code(line: Line) -> None:
    answer = line.bare("--help")
    assert answer.code == Exit.DONE
    assert all(f"    {name} " in answer.out for name in (*VERBS, "demo", "screenshots"))
    assert all(f"{code.value:>3}  " in answer.out for code in Exit)


@pytest.mark.parametrize("verb", VERBS)
def test_every_verb_has_help(line: Line, verb: str) -> None:
    answer = line(verb, "--help")
    assert (answer.code, f"usage: zeroline {verb}" in answer.out) == (Exit.DONE, True)


def test_the_installation_checks_itself(line: Line) -> None:
    answer = line.bare("--self-check")
    assert answer.code == Exit.DONE
    assert [text.partition(":")[0] for text in answer.out.splitlines()] == [
        "shipped files",
        "time zones",
        "database and replay",
        "paper",
    ]


def test_a_broken_installation_says_which_check_failed(line: Line, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("zeroline.assets.icon_names", lambda: ())
    answer = line.bare("--self-check")
    assert (answer.code, "shipped files: FAILED" in answer.out) == (Exit.NOT_VERIFIED, True)


def test_the_window_the_demo_and_the_pictures_are_handed_on(
    line: Line, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    line.bare()
    line()
    line.bare("demo")
    line.bare("demo", "--headless", tmp_path)
    assert line.bare("screenshots", tmp_path).out == "drawn\n"
    monkeypatch.setenv("ZEROLINE_DATABASE", "sqlite:///other.db")
    line.bare()
    assert line.programs.calls == [
        ("window", None),
        ("window", f"sqlite:///{line.database}"),
        ("demo", None, None),
        ("demo", tmp_path, None),
        ("screenshots", tmp_path),
        ("window", "sqlite:///other.db"),
    ]


def test_the_database_may_be_named_before_or_after_the_verb_or_by_the_environment(
    line: Line, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = f"sqlite:///{line.database}"
    line.bare("import", text_file(tmp_path, ROWS), "--database", url)
    expected = line("negatives").out
    assert line.bare("negatives", "--database", url).out == expected
    monkeypatch.setenv("ZEROLINE_DATABASE", url)
    assert line.bare("negatives").out == expected


def test_without_a_name_the_database_is_a_file_of_ones_own(line: Line, tmp_path: Path) -> None:
    answer = line.bare("import", text_file(tmp_path, ROWS))
    assert answer.code == Exit.DONE
    assert line.bare("negatives", "--format", "csv").out.count("\n") == 2


def test_no_verb_brings_qt_and_the_window_does_not_wait_for_the_verbs() -> None:
    program = (
        "import sys; from zeroline import cli; import contextlib, io\n"
        "early = {'sqlalchemy', 'pydantic', 'pandas', 'reportlab'} & set(sys.modules)\n"
        "with contextlib.redirect_stdout(io.StringIO()): cli.run(['--self-check'], None)\n"
        "print(sorted(early), 'PySide6' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout == "[] False\n"


def test_a_backup_is_made_checked_and_restored_from_the_command_line(line: Line, tmp_path: Path) -> None:
    line("setup")
    made = line("backup", "--to", tmp_path / "b.zeroline-backup")
    assert made.code == Exit.DONE
    head = made.out.splitlines()[-1]
    checked = line.bare("restore", "--check", tmp_path / "b.zeroline-backup")
    assert (checked.code, checked.out.splitlines()[-1]) == (Exit.DONE, head)
    new = f"sqlite:///{tmp_path / 'new.db'}"
    restored = line.bare("restore", tmp_path / "b.zeroline-backup", "--to", new)
    assert restored.code == Exit.DONE
    assert head in restored.out
    verified = line.bare("--database", new, "audit", "verify", "--head", head.split()[1])
    assert verified.code == Exit.DONE
    assert head in verified.out
    assert line("audit", "verify", "--head", head.split()[1]).code == Exit.DONE


def test_restoring_over_a_database_is_refused_with_a_sentence(line: Line, tmp_path: Path) -> None:
    line("setup")
    line("backup", "--to", tmp_path / "b.zeroline-backup")
    answer = line.bare("restore", tmp_path / "b.zeroline-backup", "--to", f"sqlite:///{line.database}")
    assert answer.code == Exit.REFUSED
    assert "nothing is ever written over" in answer.err


def test_a_backup_of_a_database_that_is_not_there_is_refused(line: Line, tmp_path: Path) -> None:
    answer = line("backup", "--to", tmp_path / "b.zeroline-backup")
    assert answer.code == Exit.TROUBLE
    assert not line.database.exists()
