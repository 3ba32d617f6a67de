"""Fonts, icons and texts: all there, all usable by window and paper, none left over."""

from __future__ import annotations

import ast
import re
import tomllib
from pathlib import Path
from typing import TypeGuard

import pytest
from reportlab.pdfbase.ttfonts import TTFont

from support.house import called, modules, named, nodes
from zeroline import assets
from zeroline.domain.cause import AdjustmentRight
from zeroline.storage import guard
from zeroline.ui.screens import ENTRIES
from zeroline.wording import catalogue, texts

# Letters of Latin, Turkish, Greek and Cyrillic names, and the signs the program itself prints.
WRITTEN = "AZaz09ÀÿŁłŐőŠšĞğİıŞşΑΩαωάώАЯаяЁёЇї−±×≤≥≠→←⇄●○◆▲▼■□✓·–—…’“”€£¥₦₺₹½№∑"
UNDRAWN = set("⇄")  # only ever an icon


def _face(name: str) -> TTFont:
    return TTFont(f"test-{name}", str(assets.font(name)))


@pytest.mark.parametrize("name", assets.FONT_FILES)
def test_every_face_has_the_letters_and_signs_that_are_written(name: str) -> None:
    glyphs = _face(name).face.charToGlyph
    assert [letter for letter in WRITTEN if ord(letter) not in glyphs and letter not in UNDRAWN] == []


@pytest.mark.parametrize("name", assets.FONT_FILES)
def test_figures_and_minus_have_one_width_so_that_columns_align(name: str) -> None:
    widths = _face(name).face.charWidths
    assert len({widths[ord(letter)] for letter in "0123456789−+"}) == 1


def test_the_licence_of_every_font_and_icon_is_shipped_with_it() -> None:
    assert "SIL Open Font License" in assets.resource("fonts/OFL-SourceSans3.txt").read_text("utf-8")
    assert "SIL Open Font License" in assets.resource("fonts/OFL-SourceCodePro.txt").read_text("utf-8")
    assert "ISC License" in assets.resource("icons/LICENSE.txt").read_text("utf-8")


@pytest.mark.parametrize("name", assets.icon_names())
def test_every_icon_can_be_tinted_and_has_the_common_grid(name: str) -> None:
    drawing = assets.icon(name).read_text("utf-8")
    assert 'stroke="currentColor"' in drawing
    assert 'viewBox="0 0 24 24"' in drawing
    assert set(re.findall(r'(?:fill|stroke)="([^"]+)"', drawing)) <= {"none", "currentColor"}


def test_a_file_that_is_not_shipped_is_missed_by_name() -> None:
    with pytest.raises(assets.AssetMissing, match=r"icons/no-such-thing\.svg"):
        assets.icon("no-such-thing")


def _strings() -> set[str]:
    return {
        node.value
        for file in modules()
        for node in nodes(file)
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }


def test_every_place_has_its_help_page_and_every_page_its_place() -> None:
    places = {entry.key.partition(":")[0] for entry in ENTRIES}
    assert {file.stem for file in (assets.root() / "help").glob("*.md")} == places


def test_every_icon_is_used() -> None:
    assert sorted(set(assets.icon_names()) - _strings()) == []


def test_every_error_code_has_its_sentence_and_every_sentence_its_code() -> None:
    assert _codes_raised() - catalogue().keys() == set()
    quoted = _quoted()
    assert sorted(code for code in catalogue() if code not in quoted) == []


def test_every_fact_that_a_sentence_quotes_is_given_where_the_error_is_raised() -> None:
    sentences = catalogue()
    missing = [
        f"{named(file)}:{node.lineno} {fact}"
        for file in modules()
        for node in nodes(file)
        if _is_error(node) and None not in (given := {keyword.arg for keyword in node.keywords})
        for fact in re.findall(r"{(\w+)", sentences.get(node.args[0].value, ""))
        if fact not in given
    ]
    assert missing == []


ERRORS = {"DomainError", "ChangedMeanwhile", "Trouble"}


def _is_error(node: ast.AST) -> TypeGuard[ast.Call]:
    """Whether an error is made here with a code that is written out."""
    return (
        isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name | ast.Attribute)
        and called(node) in ERRORS
        and bool(node.args)
        and isinstance(node.args[0], ast.Constant)
        and isinstance(node.args[0].value, str)
    )


def _codes_raised() -> set[str]:
    raised = {node.args[0].value for file in modules() for node in nodes(file) if _is_error(node)}
    return raised | _triggers()


def _triggers() -> set[str]:
    """Codes that the database's own refusals carry, a server's functions too."""
    written = [*guard.STATEMENTS.values(), *(file.read_text("utf-8") for file in modules("storage/postgres"))]
    return {code for text in written for code in re.findall(r"'zeroline:([a-z][a-z0-9-]*): ", text)}


def _quoted() -> set[str]:
    return _strings() | _triggers()


def test_every_sentence_about_guesses_is_said_somewhere_and_every_reason_has_one() -> None:
    said = _strings()
    families = {  # codes that are put together from a word of the domain
        "adjust-": [right.value for right in AdjustmentRight],
        "accept-": [right.value for right in AdjustmentRight],
        "skip-": ["below", "unclear", "tagged", "rejected", "state", "none", "changed"],
    }
    made = {beginning + word for beginning, words in families.items() for word in words}
    sentences = catalogue("diagnosis").keys()
    assert made - sentences == set()
    assert sorted(code for code in sentences - made if code not in said) == []


def test_every_shipped_text_is_asked_for_by_some_module() -> None:
    asked = _strings()
    names = {file.name: file.name.split(".")[0] for file in assets.resource("text").iterdir()}
    assert sorted(name for name, stem in names.items() if not {name, stem} & asked) == []


@pytest.mark.parametrize("file", sorted(assets.resource("text").glob("*.toml")), ids=lambda file: file.name)
def test_texts_use_no_more_of_toml_than_is_read(file: Path) -> None:
    name, language, _ = file.name.split(".")
    assert texts(name, language) == tomllib.loads(file.read_text("utf-8"))
