"""The one stylesheet: only what the palette cannot say."""

from __future__ import annotations

from zeroline.ui.theme.fonts import Size
from zeroline.ui.theme.palettes import Palette

_SHEET = """
QToolTip {{ color: {text}; background: {raised}; border: 1px solid {edge}; padding: 4px; }}
QLabel[tone="muted"] {{ color: {muted}; }}
QLabel[tone="accent"] {{ color: {accent}; }}
QLabel[tone="negative"] {{ color: {negative}; }}
QLabel[tone="caution"] {{ color: {caution}; }}
QLabel[tone="verified"] {{ color: {verified}; }}
QLabel[textsize="small"] {{ font-size: {small}px; }}
QLabel[textsize="large"] {{ font-size: {large}px; font-weight: 600; }}
QLabel[textsize="display"] {{ font-size: {display}px; font-weight: 600; }}
QPushButton {{ color: {text}; background: {surface}; border: 1px solid {edge}; border-radius: 3px;
    padding: 3px 12px; min-height: 20px; }}
QPushButton:hover {{ background: {raised}; }}
QPushButton:pressed {{ background: {selection}; }}
QPushButton:focus {{ border: 2px solid {focus}; padding: 2px 11px; }}
QPushButton:disabled {{ color: {muted}; border-color: {grid}; background: {window}; }}
QPushButton[kind="primary"] {{ color: {on_accent}; background: {accent}; border-color: {accent};
    font-weight: 600; }}
QPushButton[kind="primary"]:focus {{ border: 2px solid {text}; }}
QPushButton[kind="primary"]:disabled {{ color: {muted}; background: {raised}; border-color: {grid}; }}
QPushButton[kind="danger"] {{ color: {negative}; border-color: {negative}; font-weight: 600; }}
QPushButton[kind="danger"]:disabled {{ color: {muted}; border-color: {grid}; }}
QPushButton[kind="quiet"], QToolButton[kind="quiet"] {{ border: 1px solid transparent;
    background: transparent; border-radius: 3px; padding: 3px 8px; }}
QPushButton[kind="quiet"]:hover, QToolButton[kind="quiet"]:hover {{ background: {raised}; }}
QPushButton[kind="quiet"]:focus, QToolButton[kind="quiet"]:focus {{ border: 1px solid {focus}; }}
QToolButton[kind="chip"] {{ color: {text}; background: {accent_ground}; border: 1px solid {accent};
    border-radius: 3px; padding: 1px 8px; }}
QToolButton[kind="chip"]:focus {{ border: 2px solid {focus}; padding: 0px 7px; }}
QToolButton::menu-indicator {{ image: url({chevron}); width: 12px; height: 12px;
    subcontrol-origin: padding; subcontrol-position: right center; right: 4px; }}
QToolButton[menu="true"] {{ padding-right: 22px; }}
QComboBox::drop-down {{ border: none; width: 20px; }}
QComboBox::down-arrow {{ image: url({chevron}); width: 12px; height: 12px; }}
QDateEdit::drop-down, QDateTimeEdit::drop-down {{ border: none; width: 20px; }}
QDateEdit::down-arrow, QDateTimeEdit::down-arrow {{ image: url({chevron}); width: 12px; height: 12px; }}
QListWidget::item {{ padding: 2px 8px; }}
QListWidget::item:selected {{ background: {selection}; color: {text}; }}
QCheckBox, QRadioButton {{ spacing: 8px; color: {text}; }}
QCheckBox:disabled, QRadioButton:disabled {{ color: {muted}; }}
QCheckBox::indicator, QListView::indicator, QMenu::indicator {{ width: 14px; height: 14px;
    border: 1px solid {edge}; border-radius: 2px; background: {surface}; }}
QCheckBox::indicator:checked, QListView::indicator:checked {{ border-color: {accent}; background: {accent};
    image: url({tick}); }}
QCheckBox::indicator:focus {{ border: 2px solid {focus}; }}
QMenu::indicator {{ left: 8px; }}
QMenu::indicator:checked {{ border-color: {accent}; background: {accent}; image: url({tick}); }}
QRadioButton::indicator {{ width: 12px; height: 12px; border: 1px solid {edge}; border-radius: 7px;
    background: {surface}; }}
QRadioButton::indicator:checked {{ border: 4px solid {accent}; width: 6px; height: 6px; }}
QLineEdit, QPlainTextEdit, QTextEdit, QComboBox, QSpinBox, QDateEdit, QDateTimeEdit {{ color: {text};
    background: {surface}; border: 1px solid {edge}; border-radius: 3px; padding: 3px 8px;
    selection-background-color: {accent}; selection-color: {on_accent}; }}
QLineEdit, QPlainTextEdit, QTextEdit {{ placeholder-text-color: {muted}; }}
QLineEdit, QComboBox, QSpinBox, QDateEdit, QDateTimeEdit {{ min-height: 20px; }}
QLineEdit:focus, QPlainTextEdit:focus, QTextEdit:focus, QComboBox:focus, QSpinBox:focus, QDateEdit:focus,
QDateTimeEdit:focus {{ border: 2px solid {focus}; padding: 2px 7px; }}
QLineEdit:disabled, QPlainTextEdit:disabled {{ color: {muted}; background: {window}; }}
QLineEdit[wrong="true"], QPlainTextEdit[wrong="true"] {{ border: 2px solid {negative}; padding: 2px 7px; }}
QComboBox QAbstractItemView {{ background: {surface}; border: 1px solid {edge}; }}
QPushButton[kind="way"] {{ border: none; background: transparent; border-radius: 3px; padding: 4px 12px;
    text-align: left; }}
QPushButton[kind="way"]:hover {{ background: {raised}; }}
QPushButton[kind="way"]:checked {{ background: {selection}; font-weight: 600; }}
QPushButton[kind="way"]:focus {{ border: 2px solid {focus}; padding: 2px 10px; }}
QFrame[kind="side"] {{ background: {window}; border: none; border-right: 1px solid {grid}; }}
QFrame[kind="bar"] {{ background: {window}; border: none; border-bottom: 1px solid {grid}; }}
QFrame[kind="window"] {{ background: {window}; border: none; }}
QFrame[kind="raised"] {{ background: {raised}; border: none; }}
QFrame[kind="surface"] {{ background: {surface}; border: none; }}
QFrame[kind="card"] {{ background: {surface}; border: 1px solid {grid}; border-radius: 3px; }}
QFrame[kind="chart"] {{ background: {surface}; border: 1px solid {grid}; }}
QFrame[kind="chart"]:focus {{ border: 1px solid {focus}; }}
QFrame[kind="line"] {{ background: {grid}; border: none; }}
QFrame[banner="negative"] {{ background: {negative_ground}; border-left: 4px solid {negative}; }}
QFrame[banner="caution"] {{ background: {caution_ground}; border-left: 4px solid {caution}; }}
QFrame[banner="verified"] {{ background: {verified_ground}; border-left: 4px solid {verified}; }}
QFrame[banner="accent"] {{ background: {accent_ground}; border-left: 4px solid {accent}; }}
QTableView, QListView {{ background: {surface}; border: none; outline: none; }}
QHeaderView {{ background: {raised}; border: none; }}
QSplitter::handle {{ background: {grid}; }}
QSplitter::handle:horizontal {{ width: 1px; margin: 0 1px; }}
QSplitter::handle:vertical {{ height: 1px; margin: 1px 0; }}
QMenu {{ background: {surface}; border: 1px solid {edge}; padding: 4px 0; }}
QMenu::item {{ padding: 4px 24px 4px 28px; }}
QMenu::item:selected {{ background: {selection}; color: {text}; }}
QMenu::item:disabled {{ color: {muted}; }}
QMenu::icon {{ left: 8px; }}
QMenu::separator {{ height: 1px; background: {grid}; margin: 4px 0; }}
QTabBar::tab {{ color: {muted}; background: transparent; padding: 4px 12px; border: none;
    border-bottom: 2px solid transparent; }}
QTabBar::tab:selected {{ color: {text}; border-bottom: 2px solid {accent}; }}
QTabBar::tab:focus {{ border: 1px solid {focus}; }}
QTabWidget::pane {{ border: none; border-top: 1px solid {grid}; }}
QScrollBar:vertical {{ background: {window}; width: 12px; }}
QScrollBar:horizontal {{ background: {window}; height: 12px; }}
QScrollBar::handle {{ background: {edge}; border-radius: 3px; margin: 3px; }}
QScrollBar::handle:vertical {{ min-height: 28px; }}
QScrollBar::handle:horizontal {{ min-width: 28px; }}
QScrollBar::add-line, QScrollBar::sub-line {{ width: 0; height: 0; }}
QScrollBar::add-page, QScrollBar::sub-page {{ background: none; }}
QProgressBar {{ border: 1px solid {edge}; border-radius: 3px; background: {surface}; text-align: center; }}
QProgressBar::chunk {{ background: {accent_ground}; }}
"""


def sheet(palette: Palette, tick: str, chevron: str) -> str:
    """The stylesheet in the colours of ``palette``; ``tick`` and ``chevron`` are files of tinted icons."""
    colours = {role: palette[role] for role in palette.__slots__}
    sizes = {"small": int(Size.SMALL), "large": int(Size.LARGE), "display": int(Size.DISPLAY)}
    return _SHEET.format(tick=tick, chevron=chevron, **sizes, **colours)
