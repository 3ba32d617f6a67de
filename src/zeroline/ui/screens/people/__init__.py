"""People: accounts, their roles, passwords and badges."""

from zeroline.ui.screens.people.screen import PeopleScreen

__all__ = ["PeopleScreen"]
