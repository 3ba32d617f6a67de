#!/bin/sh
# Sets up what is missing, then starts Zeroline.
#   sh installer/run.sh             the demo warehouse in a window; without a display, its reports and pictures
#                                   into the folder zeroline-demo of the current directory
#   sh installer/run.sh ARGUMENTS   zeroline ARGUMENTS, for example: --database sqlite:///stock.db negatives
set -eu

here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
sh "$here/setup.sh"
venv=${ZEROLINE_VENV:-$here/../.venv}

if [ $# -eq 0 ]; then
    if [ -n "${DISPLAY:-}${WAYLAND_DISPLAY:-}" ] || [ "$(uname -s)" = Darwin ]; then
        set -- demo
    else
        set -- demo --headless "$PWD/zeroline-demo"
    fi
fi
exec "$venv/bin/zeroline" "$@"
