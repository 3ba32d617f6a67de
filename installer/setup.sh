#!/bin/sh
# Sets up Zeroline in .venv beside this folder: hash-locked wheels, then the checkout itself, editable.
#   sh installer/setup.sh          what the program needs
#   sh installer/setup.sh --test   also what its tests and checks need
# ZEROLINE_PYTHON names the Python to use, ZEROLINE_VENV another place for the environment.
set -eu

root=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd)
venv=${ZEROLINE_VENV:-$root/.venv}
log=$venv.log
kind=run
[ "${1:-}" != --test ] || kind='test'
lock=$root/installer/lock-$kind.txt

say() { printf '%s\n' "zeroline setup: $*" >&2; }

fail() { # cure
    if [ -s "$log" ]; then
        say "the last lines of $log:"
        tail -n 20 -- "$log" >&2
    fi
    say "failed. $1"
    exit 1
}

step() { # what it does, the cure when it fails, command…
    what=$1 cure=$2
    shift 2
    say "$what"
    printf '== %s\n' "$what" >>"$log"
    "$@" >>"$log" 2>&1 </dev/null || fail "$cure"
}

stamp() { # what an environment of this kind was made from, and where
    sum=$(cat -- "$root/installer/lock-$1.txt" "$root/pyproject.toml" "$root/installer/setup.sh" | cksum)
    printf '%s in %s\n' "$sum" "$root"
}

ready() { # has the environment been made for this kind, from these files, in this place?
    [ -x "$venv/bin/zeroline" ] && [ "$(cat -- "$venv/stamp-$1" 2>/dev/null)" = "$(stamp "$1")" ] &&
        "$venv/bin/python" -c '' 2>/dev/null
}

if ready test || { [ "$kind" = run ] && ready run; }; then
    exit 0
fi

mkdir -p -- "$(dirname -- "$venv")"
: >"$log" || { say "failed. Make $(dirname -- "$venv") writable, or name another place in ZEROLINE_VENV."; exit 1; }

# --- the system's part: a Python with venv, and the libraries Qt opens --------------------------------

good_python() {
    "$1" -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1
}

find_python() {
    for name in "${ZEROLINE_PYTHON:-}" python3 python3.14 python3.13 python3.12 python3.11 python; do
        if [ -n "$name" ] && command -v "$name" >/dev/null 2>&1 && good_python "$name"; then
            command -v "$name"
            return 0
        fi
    done
    return 1
}

missing_libraries() { # names of the Debian packages whose library is not on this machine
    libraries=$(PATH=$PATH:/sbin:/usr/sbin ldconfig -p 2>/dev/null) || return 0
    while read -r library package; do
        case $libraries in
        *"$library "*) ;;
        *) printf '%s ' "$package" ;;
        esac
    done <<'LIST'
libglib-2.0.so.0 libglib2.0-0
libGL.so.1 libgl1
libEGL.so.1 libegl1
libdbus-1.so.3 libdbus-1-3
libfontconfig.so.1 libfontconfig1
libxkbcommon.so.0 libxkbcommon0
libbrotlidec.so.1 libbrotli1
libgssapi_krb5.so.2 libgssapi-krb5-2
libxcb-cursor.so.0 libxcb-cursor0
libxcb-icccm.so.4 libxcb-icccm4
libxcb-image.so.0 libxcb-image0
libxcb-keysyms.so.1 libxcb-keysyms1
libxcb-render-util.so.0 libxcb-render-util0
libxcb-shape.so.0 libxcb-shape0
libxcb-xkb.so.1 libxcb-xkb1
libxkbcommon-x11.so.0 libxkbcommon-x11-0
libwayland-cursor.so.0 libwayland-cursor0
LIST
}

as_root() {
    if [ "$(id -u)" = 0 ]; then "$@"; else sudo -n "$@"; fi
}

may_be_root() { [ "$(id -u)" = 0 ] || { command -v sudo >/dev/null 2>&1 && sudo -n true 2>/dev/null; }; }

by_hand=
if command -v apt-get >/dev/null 2>&1; then
    packages=$(missing_libraries)
    find_python >/dev/null || packages="python3 python3-venv $packages"
    if [ -n "$packages" ]; then
        by_hand="apt-get install ${packages% }"
        if ! may_be_root && command -v sudo >/dev/null 2>&1 && [ -t 0 ] && [ -t 2 ]; then
            say "needs sudo for: $by_hand"
            sudo -v || say "going on without"
        fi
        if may_be_root; then
            step "refreshing Debian's package lists" \
                "Check the machine's package sources and its network, then run this again." \
                as_root apt-get -q update
            # shellcheck disable=SC2086  # a list of package names
            step "installing: ${packages% }" "Run '$by_hand' by hand, then this again." \
                as_root env DEBIAN_FRONTEND=noninteractive apt-get -q -y --no-install-recommends install $packages
        fi
    fi
fi

python=$(find_python) ||
    fail "Install Python 3.11 or newer with its venv module${by_hand:+ (as root: $by_hand)}, or name one in ZEROLINE_PYTHON."

# --- our part: the environment --------------------------------------------------------------------------

usable() { # a working environment, and not one copied or moved here from another checkout
    good_python "$venv/bin/python" && "$venv/bin/python" -m pip --version >/dev/null 2>&1 &&
        { [ ! -f "$venv/made-in" ] || [ "$(cat -- "$venv/made-in")" = "$root" ]; }
}

if ! usable; then
    step "making $venv with $("$python" --version 2>&1)" \
        "Make room and rights for $venv, or name another place in ZEROLINE_VENV." \
        "$python" -m venv --clear "$venv"
fi
printf '%s\n' "$root" >"$venv/made-in"
rm -f -- "$venv/stamp-run" "$venv/stamp-test"

pip() { "$venv/bin/python" -m pip --disable-pip-version-check --no-input "$@"; }

step "installing the locked packages (about a minute)" \
    "Check the network, proxy and certificates that pip uses, then run this again." \
    pip install --progress-bar off --no-deps --require-hashes --only-binary :all: -r "$lock"
step "installing Zeroline itself" "Read the lines above; remove $venv and run this again." \
    pip install --no-index --no-deps --no-build-isolation --editable "$root"
step "checking that Qt loads" \
    "Install the libraries Qt needs${by_hand:+ (as root: $by_hand)}, then run this again." \
    env QT_QPA_PLATFORM=offscreen "$venv/bin/python" -c \
    'from PySide6.QtWidgets import QApplication; from PySide6 import QtSvg, QtPrintSupport; QApplication([])'

stamp "$kind" >"$venv/stamp-$kind"
say "ready: $venv"
