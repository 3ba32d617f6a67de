"""The one way to the files that are shipped with the program: fonts, icons, sample mappings, help pages.

They lie in ``resources/`` beside ``src/`` in a checkout, and in ``zeroline/_resources`` once the package is
installed or frozen. Nothing else in the program computes such a path.
"""

from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Final

SANS_FAMILY: Final = "Source Sans 3"
"""Family name of the shipped text face, as Qt knows it once the files are registered."""

MONO_FAMILY: Final = "Source Code Pro"
"""Family name of the shipped fixed-width face for codes and identifiers."""

FONT_FILES: Final = MappingProxyType(
    {
        "sans": "SourceSans3-Regular.ttf",
        "sans-semibold": "SourceSans3-SemiBold.ttf",
        "sans-bold": "SourceSans3-Bold.ttf",
        "mono": "SourceCodePro-Regular.ttf",
        "mono-semibold": "SourceCodePro-SemiBold.ttf",
    }
)
"""Every shipped face by the name the program uses; all have tabular figures and TrueType outlines."""


class AssetMissing(FileNotFoundError):
    """A shipped file is not where it must be: the installation is damaged or the name is wrong."""


@cache
def root() -> Path:
    """The folder of all shipped files.

    Raises AssetMissing when neither an installed nor a checked-out folder exists.
    """
    here = Path(__file__).resolve()
    for candidate in (here.parent / "_resources", here.parents[2] / "resources"):
        if candidate.is_dir():
            return candidate
    raise AssetMissing(f"no folder of shipped files belongs to {here}")


def resource(relative: str) -> Path:
    """An existing shipped file or folder by its path below the root, for example ``"sample/demo.toml"``.

    Raises AssetMissing when it does not exist.
    """
    found = root() / relative
    if not found.exists():
        raise AssetMissing(f"not among the shipped files: {relative}")
    return found


def font(name: str) -> Path:
    """The TTF of one face named in FONT_FILES; raises KeyError for another name."""
    return resource(f"fonts/{FONT_FILES[name]}")


def icon(name: str) -> Path:
    """The SVG of one icon: 24 × 24 units, drawn in ``currentColor`` so that the theme can tint it.

    Raises AssetMissing for a name that is not shipped.
    """
    return resource(f"icons/{name}.svg")


def icon_names() -> tuple[str, ...]:
    """The names of all shipped icons, sorted."""
    return tuple(sorted(file.stem for file in resource("icons").glob("*.svg")))
