"""The window: screens, dialogs, widgets. It sees services, never the database."""

import builtins

import PySide6.QtCore  # noqa: F401

# From here on the binding would read the source of every module that is imported, of ours and of others, to
# see whether it asks for a ``__feature__``. Nothing here does; a start took a sixth longer for it.
builtins.__import__ = getattr(builtins, "__orig_import__", builtins.__import__)
