#!/bin/sh
# Renews installer/lock-run.txt and lock-test.txt from pyproject.toml: exact versions and hashes for Python 3.11
# to 3.14 on Linux, Windows and macOS, and no address of any index. Arguments go to 'uv lock', for example:
#   sh installer/lock.sh --upgrade-package numpy
# Only whoever changes a dependency needs this; it uses uv from an environment of its own.
set -eu

root=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd)
work=$(mktemp -d)
trap 'rm -rf -- "$work"' EXIT INT TERM

python3 -m venv "$work/venv"
"$work/venv/bin/python" -m pip -q --disable-pip-version-check install uv
mkdir -p "$work/project/src/zeroline"
cp -- "$root/pyproject.toml" "$root/README.md" "$root/LICENSE" "$work/project/"
cp -- "$root/src/zeroline/__init__.py" "$work/project/src/zeroline/"
[ ! -f "$root/uv.lock" ] || cp -- "$root/uv.lock" "$work/project/"

cd -- "$work/project"
"$work/venv/bin/uv" -q lock "$@"
export_lock() { # file, groups…
    file=$1
    shift
    {
        echo "# Made by installer/lock.sh from pyproject.toml; not by hand."
        "$work/venv/bin/uv" -q export --frozen --format requirements-txt --no-emit-project --no-default-groups \
            --no-header --no-annotate "$@"
    } >"$work/$file"
    if grep -n '://' "$work/$file"; then
        echo "lock.sh: $file would name an address; nothing was changed" >&2
        exit 1
    fi
}
export_lock lock-run.txt --group build
export_lock lock-test.txt --group build --group dev
mv -- "$work/lock-run.txt" "$work/lock-test.txt" "$root/installer/"
cp -- uv.lock "$root/uv.lock"
