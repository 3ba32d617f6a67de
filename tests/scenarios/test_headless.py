"""The program from outside, as a nightly job and a stranger use it: files in, figures and papers out."""

from __future__ import annotations

import errno
import io
import os
import re
import sqlite3
import subprocess
import sys
from pathlib import Path

import pypdfium2
import pytest

from support.command_line import Line
from support.files import text_file
from zeroline.app import main
from zeroline.cli import Exit

HEAD = "movement_id,item,location,quantity,unit,document,recorded_at\n"
ROWS = HEAD + "m1,A,X,5,,,2026-01-01\nm2,A,X,-7,,,2026-01-02\n"


@pytest.fixture
def line(capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Line:
    monkeypatch.delenv("ZEROLINE_DATABASE", raising=False)
    return Line(capsys, tmp_path / "inventory.db")


def _negatives(line: Line) -> list[str]:
    return line("negatives", "--format", "csv").out.splitlines()[1:]


def _started(line: Line, *arguments: str, **environment: str) -> subprocess.Popen[str]:
    """The command in a process of its own."""
    return subprocess.Popen(
        [sys.executable, "-m", "zeroline", "--database", f"sqlite:///{line.database}", *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        encoding="utf-8",
        env={**os.environ, **environment},
    )


# --- rows that are odd and still mean something


def test_a_quantity_that_is_far_off_is_left_out_and_nothing_else(line: Line, tmp_path: Path) -> None:
    off = "m3,A,X,-9000000000000,,,2026-01-03\nm4,A,X,-8999999999999,,,2026-01-04\n"
    answer = line("import", text_file(tmp_path, ROWS + off))
    assert answer.code == Exit.SOME_REJECTED
    assert "4 rows read, 2 added, 0 already known, 2 rejected" in answer.out
    assert "row 4, quantity: “-9000000000000” is larger than any stock can be." in answer.err
    assert _negatives(line) == ["A,X,,available,-2,2026-01-02T00:00:00Z,-2,0,0"]


def test_large_quantities_that_can_be_summed_are_taken_exactly(line: Line, tmp_path: Path) -> None:
    line("import", text_file(tmp_path, HEAD + "m1,A,X,-123456789012.345679,,,2026-01-01\n"))
    assert _negatives(line) == [
        "A,X,,available,-123456789012.345679,2026-01-01T00:00:00Z,-123456789012.345679,0,0"
    ]


def test_sums_that_leave_what_can_be_computed_name_the_place(line: Line, tmp_path: Path) -> None:
    long = "".join(f"m{year},A,X,-900000000,,,{year}-01-01\n" for year in range(1800, 2020))
    answer = line("import", text_file(tmp_path, HEAD + long))
    assert (answer.code, answer.err.startswith("The shortfall of item A in X is too deep")) == (
        Exit.REFUSED,
        True,
    )
    assert line("episodes").out == "Nothing was ever below zero.\n"


def test_an_item_takes_the_unit_it_is_first_named_with(line: Line, tmp_path: Path) -> None:
    rows = ROWS + "m3,A,X,-1,KG,,2026-01-03\nm4,A,X,-1,kg,,2026-01-04\n"
    assert line("import", text_file(tmp_path, rows)).code == Exit.DONE
    answer = line("import", text_file(tmp_path, HEAD + "m5,A,X,-1,EA,,2026-01-05\n"))
    assert "row 2, unit: Item A has no unit “EA” (it has KG)." in answer.err
    assert _negatives(line)[0].startswith("A,X,,available,-4,")


def test_a_line_break_in_a_document_or_name_costs_no_row(line: Line, tmp_path: Path) -> None:
    line("import", text_file(tmp_path, HEAD + 'm1,A,X,-1,,"SO-1\r\n(urgent)",2026-01-01\n'))
    with sqlite3.connect(line.database) as raw:
        assert raw.execute("SELECT document FROM movement").fetchall() == [("SO-1 (urgent)",)]
    answer = line("import", text_file(tmp_path, HEAD + 'm2,"A\nB",X,-1,,,2026-01-01\n'))
    assert "row 2, item: “A␊B” holds a line break" in answer.err


# --- the machine around it


def test_two_imports_at_once_are_both_taken_whole(line: Line, tmp_path: Path) -> None:
    line("setup")
    files = [
        text_file(
            tmp_path,
            HEAD + "".join(f"{name}{n},I{n % 7},X,-1,,,2026-01-01\n" for n in range(3_000)),
            f"{name}.csv",
        )
        for name in "ab"
    ]
    importers = [_started(line, "import", str(path)) for path in files]
    assert ["3,000 added" in importer.communicate(timeout=60)[0] for importer in importers] == [True, True]
    assert sum(-float(row.split(",")[4]) for row in _negatives(line)) == 6_000
    assert line("audit", "verify").code == Exit.DONE


def test_language_zone_and_home_of_the_machine_change_nothing(line: Line, tmp_path: Path) -> None:
    line("import", text_file(tmp_path, ROWS.replace("A,X", "İğne,X")))
    here = line("episodes", "--format", "csv").out
    odd = {
        "TZ": "Asia/Kolkata",
        "LC_ALL": "C",
        "PYTHONUTF8": "0",
        "PYTHONCOERCECLOCALE": "0",
        "HOME": str(tmp_path / "nowhere"),
    }
    with _started(line, "episodes", "--format", "csv", **odd) as reader:
        assert reader.communicate(timeout=60) == (here, "")


def test_an_output_that_is_read_no_further_is_no_fault(line: Line, tmp_path: Path) -> None:
    rows = "".join(f"m{n},I{n},X,-1,,,2026-01-01\n" for n in range(4_000))
    line("import", text_file(tmp_path, HEAD + rows))
    with _started(line, "episodes", "--format", "csv") as reader:
        assert reader.stdout is not None
        assert reader.stderr is not None
        assert reader.stdout.readline().startswith("item,")
        reader.stdout.close()
        assert (reader.stderr.read(), reader.wait(timeout=60)) == ("", Exit.DONE)


class _Full(io.StringIO):
    """An output on a disk that is full."""

    def write(self, text: str) -> int:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    def fileno(self) -> int:
        return self.device

    device = -1


def test_an_output_on_a_full_disk_is_trouble_in_one_sentence(
    line: Line, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    line("import", text_file(tmp_path, ROWS))
    said = io.StringIO()
    with (tmp_path / "device").open("w") as device, monkeypatch.context() as patch:
        full = _Full()
        full.device = device.fileno()
        patch.setattr(sys, "stdout", full)
        patch.setattr(sys, "stderr", said)
        code = main(["--database", f"sqlite:///{line.database}", "negatives"])
    assert (code, said.getvalue().startswith("The output cannot be written (")) == (Exit.TROUBLE, True)


def test_closed_streams_are_no_fault(line: Line, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    line("import", text_file(tmp_path, ROWS))
    with monkeypatch.context() as patch:
        patch.setattr(sys, "stdout", None)
        patch.setattr(sys, "stderr", None)
        assert main(["--database", f"sqlite:///{line.database}", "negatives"]) == Exit.DONE
        sys.stdout.close()
        sys.stderr.close()


def test_a_database_is_read_where_nothing_can_be_put_beside_it(
    line: Line, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    line("import", text_file(tmp_path, ROWS))
    before = sorted(tmp_path.iterdir())
    monkeypatch.setattr(os, "access", lambda path, mode: False)  # root may write everywhere
    assert _negatives(line) == ["A,X,,available,-2,2026-01-02T00:00:00Z,-2,0,0"]
    assert sorted(tmp_path.iterdir()) == before


def test_a_home_that_cannot_be_made_is_trouble(
    line: Line, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "file"))
    monkeypatch.setattr("zeroline.cli.command.user_data_path", lambda *_: tmp_path / "file" / "zeroline")
    answer = line.bare("import", text_file(tmp_path, ROWS, "movements.csv"))
    assert (answer.code, "cannot be written" in answer.err) == (Exit.TROUBLE, True)


@pytest.mark.parametrize("verb", [(), ("demo",)])
def test_without_a_display_the_window_says_so(
    line: Line, monkeypatch: pytest.MonkeyPatch, verb: tuple[str, ...]
) -> None:
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(sys, "platform", "linux")
    assert main(["--database", f"sqlite:///{line.database}", *verb]) == Exit.TROUBLE
    assert line.capture.readouterr().err.startswith("There is no display for the window.")


@pytest.mark.parametrize("verb", [("demo", "--headless"), ("screenshots",)])
def test_a_folder_that_cannot_be_made_is_trouble(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, verb: tuple[str, ...]
) -> None:
    (tmp_path / "file").touch()
    assert main([*verb, str(tmp_path / "file")]) == Exit.TROUBLE
    assert "file cannot be written (" in capsys.readouterr().err


@pytest.mark.parametrize("place", ["", "folder"])
def test_a_folder_is_no_database(line: Line, tmp_path: Path, place: str) -> None:
    (tmp_path / "folder").mkdir()
    answer = line.bare("--database", f"sqlite:///{tmp_path / place}", "negatives")
    assert (answer.code, answer.err) == (
        Exit.TROUBLE,
        "This file is not a database. Choose another file.\n",
    )


def test_reading_waits_for_no_library_that_it_does_not_need(line: Line, tmp_path: Path) -> None:
    line("import", text_file(tmp_path, ROWS))
    asked = (
        "import sys; from zeroline.app import main; main(sys.argv[1:]);"
        "print(*({'alembic', 'biip', 'reportlab', 'pandas', 'PySide6'} & set(sys.modules)), 'end')"
    )
    command = [sys.executable, "-c", asked, "--database", f"sqlite:///{line.database}", "negatives"]
    said = subprocess.run(command, capture_output=True, encoding="utf-8", check=True).stdout
    assert said.splitlines()[-1].split() == ["end"]


# --- paper and proof


def _text(path: Path) -> str:
    with pypdfium2.PdfDocument(path) as document:
        return "\n".join(page.get_textpage().get_text_range() for page in document)


def _found(pattern: str, text: str) -> str:
    match = re.search(pattern, text)
    assert match is not None
    return match[1]


@pytest.mark.parametrize("kind", ["reconciliation", "negatives", "register"])
def test_a_report_of_then_has_the_hash_of_then(line: Line, tmp_path: Path, kind: str) -> None:
    line("import", text_file(tmp_path, ROWS))
    hashes = []
    for name, later in (("first", ""), ("second", HEAD + "m3,B,Y,-9,,,2026-01-09\n")):
        if later:
            line("import", text_file(tmp_path, later))
        out = tmp_path / f"{name}.pdf"
        assert line("report", kind, "--out", out, "--as-of", "2026-01-08").code == Exit.DONE
        hashes.append(_found(r"Data ([0-9a-f]{16})", _text(out)))
    assert hashes[0] == hashes[1]


def test_the_head_at_the_foot_of_a_page_proves_that_nothing_was_cut_off(line: Line, tmp_path: Path) -> None:
    line("import", text_file(tmp_path, ROWS))
    line("report", "negatives", "--out", tmp_path / "report.pdf")
    head = _found(r"Audit chain (\d+:[0-9a-f]{16})\b", _text(tmp_path / "report.pdf"))
    assert line("audit", "verify", "--head", head).code == Exit.DONE
    assert line("audit", "verify", "--head", head.partition(":")[2]).code == Exit.DONE
    assert line("audit", "verify", "--head", "0" * 64).code == Exit.NOT_VERIFIED
    with sqlite3.connect(line.database) as raw:
        raw.execute("DROP TRIGGER guard_audit_entry_delete")
        raw.execute("DELETE FROM audit_entry WHERE seq = (SELECT max(seq) FROM audit_entry)")
    cut = line("audit", "verify", "--head", head)
    assert (cut.code, cut.out.startswith("The head given is not in this trail")) == (Exit.NOT_VERIFIED, True)


@pytest.mark.parametrize("head", ["", "nonsense", "3:", "641278d4ad38c9c"])
def test_what_is_no_head_is_not_taken_for_none(line: Line, head: str) -> None:
    answer = line("audit", "verify", "--head", head)
    assert (answer.code, "is not a head" in answer.err) == (Exit.USAGE, True)


def test_the_ending_of_a_report_must_be_one_that_can_be_made(line: Line, tmp_path: Path) -> None:
    answer = line("report", "negatives", "--out", tmp_path / "report.doc")
    assert (answer.code, "ends neither in .pdf nor in .xlsx" in answer.err) == (Exit.USAGE, True)
    assert not (tmp_path / "report.doc").exists()
