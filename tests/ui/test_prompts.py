"""Questions in real dialogs, answered with real keys and clicks."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QApplication,
    QDialog,
    QFileDialog,
    QLineEdit,
    QListWidget,
    QPlainTextEdit,
    QWidget,
)

from support.prompts import ScriptedPrompts
from support.screen import put_on_screen
from zeroline.ui.prompts import Choice, Prompts
from zeroline.ui.prompts.question import Question
from zeroline.ui.prompts.window import WindowPrompts


@pytest.fixture
def window(qtbot: Any) -> QWidget:
    return put_on_screen(qtbot, QWidget())


def opened(window: QWidget, kind: type[Any] = Question) -> Any:
    return next(dialog for dialog in window.findChildren(kind) if dialog.isVisible())


def test_yes_is_answered_by_the_button_with_the_verb(qtbot: Any, window: QWidget) -> None:
    answers: list[str] = []
    WindowPrompts().confirm(
        window, "Submit", "Submit 12 lines?", action="Submit", accepted=lambda: answers.append("yes")
    )
    dialog = opened(window)
    assert dialog.yes.text() == "Submit"
    qtbot.mouseClick(dialog.yes, Qt.MouseButton.LeftButton)
    assert answers == ["yes"]


def test_a_double_click_answers_once(qtbot: Any, window: QWidget) -> None:
    answers: list[str] = []
    WindowPrompts().confirm(
        window, "Post", "Post +15?", action="Post +15", accepted=lambda: answers.append("yes")
    )
    button = opened(window).yes
    for _ in range(2):
        qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    assert answers == ["yes"]


def test_what_cannot_be_taken_back_is_not_done_by_enter(qtbot: Any, window: QWidget) -> None:
    answers: list[str] = []
    WindowPrompts().confirm(
        window,
        "Post",
        "This posts +15.",
        action="Post +15",
        accepted=lambda: answers.append("yes"),
        final=True,
    )
    dialog = opened(window)
    assert not dialog.yes.isDefault()
    assert not dialog.no.isDefault()
    for place in (dialog, dialog.yes):
        place.setFocus()
        qtbot.keyClick(place, Qt.Key.Key_Return)
        qtbot.keyClick(place, Qt.Key.Key_Enter)
    assert answers == []
    assert dialog.isVisible()
    dialog.yes.setFocus()
    qtbot.keyClick(dialog.yes, Qt.Key.Key_Space)
    assert answers == ["yes"]


def test_escape_refuses(qtbot: Any, window: QWidget) -> None:
    answers: list[str] = []
    WindowPrompts().confirm(
        window,
        "Post",
        "This posts +15.",
        action="Post +15",
        accepted=lambda: answers.append("yes"),
        rejected=lambda: answers.append("no"),
    )
    qtbot.keyClick(opened(window), Qt.Key.Key_Escape)
    assert answers == ["no"]


def test_a_reason_must_be_typed_before_it_can_be_given(qtbot: Any, window: QWidget) -> None:
    answers: list[str] = []
    WindowPrompts().ask_text(
        window, "Dismiss", "Why?", action="Dismiss case", accepted=answers.append, lines=3
    )
    dialog = opened(window)
    assert not dialog.yes.isEnabled()
    qtbot.keyClicks(dialog.findChild(QPlainTextEdit), "  counted twice ")
    qtbot.mouseClick(dialog.yes, Qt.MouseButton.LeftButton)
    assert answers == ["counted twice"]


def test_a_text_that_will_not_do_stays_with_the_reason_beside_it(qtbot: Any, window: QWidget) -> None:
    answers: list[str] = []
    WindowPrompts().ask_text(
        window,
        "Name",
        "Name of the view",
        action="Save view",
        accepted=answers.append,
        check=lambda text: "There is a view of this name." if text == "mine" else None,
    )
    dialog = opened(window)
    field = dialog.findChild(QLineEdit)
    qtbot.keyClicks(field, "mine")
    qtbot.keyClick(field, Qt.Key.Key_Return)
    assert dialog.isVisible()
    assert dialog.wrong.text() == "There is a view of this name."
    assert field.text() == "mine"
    qtbot.keyClicks(field, " too")
    qtbot.keyClick(field, Qt.Key.Key_Return)
    assert answers == ["mine too"]


def test_a_secret_is_never_shown(qtbot: Any, window: QWidget) -> None:
    answers: list[str] = []
    WindowPrompts().ask_secret(
        window, "Sign", "I approve +15.", action="Approve +15", accepted=answers.append
    )
    field = opened(window).findChild(QLineEdit)
    qtbot.keyClicks(field, "s3cret pass")
    assert field.displayText() != "s3cret pass"
    qtbot.keyClick(field, Qt.Key.Key_Return)
    assert answers == ["s3cret pass"]


def test_one_of_several_is_chosen_by_arrow_and_enter(qtbot: Any, window: QWidget) -> None:
    answers: list[Any] = []
    WindowPrompts().choose(
        window,
        "Assign",
        "To whom?",
        [Choice(1, "R. Diaz"), Choice(2, "A. Lindt", "on leave until Monday")],
        action="Assign",
        accepted=answers.append,
    )
    listed = opened(window).findChild(QListWidget)
    qtbot.keyClick(listed, Qt.Key.Key_Down)
    qtbot.keyClick(listed, Qt.Key.Key_Return)
    assert answers == [2]


def test_a_file_to_save_gets_the_ending_of_its_kind(qtbot: Any, window: QWidget, tmp_path: Path) -> None:
    answers: list[Path] = []
    WindowPrompts().save_file(
        window,
        "Export",
        "Workbook (*.xlsx);;Text (*.csv)",
        accepted=answers.append,
        suggested=str(tmp_path / "negatives.xlsx"),
    )
    dialog = opened(window, QFileDialog)
    dialog.selectFile(str(tmp_path / "march"))
    QDialog.accept(dialog)
    assert answers == [tmp_path / "march.xlsx"]


def test_locking_closes_open_questions_as_refused(qtbot: Any, window: QWidget) -> None:
    answers: list[str] = []
    prompts = WindowPrompts()
    for title in ("One", "Two"):
        prompts.ask_secret(
            window,
            title,
            "I approve.",
            action="Approve",
            accepted=lambda _: answers.append("yes"),
            rejected=lambda: answers.append("no"),
        )
    prompts.close_all()
    assert answers == ["no", "no"]
    assert not any(dialog.isVisible() for dialog in QApplication.topLevelWidgets() if dialog is not window)


def test_the_script_answers_as_the_window_would(window: QWidget) -> None:
    answers: list[Any] = []
    script = ScriptedPrompts([True, "because", None])
    prompts: Prompts = script
    prompts.confirm(window, "Post", "+15?", action="Post", accepted=lambda: answers.append("yes"))
    prompts.ask_text(window, "Why", "Why?", action="Go", accepted=answers.append)
    prompts.ask_secret(
        window,
        "Sign",
        "I approve",
        action="Go",
        accepted=answers.append,
        rejected=lambda: answers.append("refused"),
    )
    assert answers == ["yes", "because", "refused"]
    with pytest.raises(AssertionError, match="nobody expected"):
        prompts.confirm(window, "Post", "+15?", action="Post", accepted=lambda: None)
