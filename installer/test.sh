#!/bin/sh
# Sets up what is missing, then runs the tests: two at a time, in random order, without a display.
# Arguments go to pytest, for example: sh installer/test.sh tests/domain -k episode
set -eu

here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
sh "$here/setup.sh" --test
cd -- "$here/.."
venv=${ZEROLINE_VENV:-$PWD/.venv}

QT_QPA_PLATFORM=${QT_QPA_PLATFORM:-offscreen}
[ -n "${LC_ALL:-}${LC_CTYPE:-}${LANG:-}" ] || LANG=C.UTF-8
export QT_QPA_PLATFORM LANG
exec "$venv/bin/python" -m pytest -n 2 "$@"
