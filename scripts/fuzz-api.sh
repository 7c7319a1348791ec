#!/usr/bin/env bash
# Fuzz the API of a fresh server with schemathesis (from PyPI, pinned, in a virtual environment under target/).
#
#   scripts/fuzz-api.sh target/debug/vitrine
#
# VITRINE_FUZZ_EXAMPLES: generated requests per operation and kind (5). VITRINE_FUZZ_SEED: where the generator starts (1).
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
[ $# = 1 ] || die "usage: scripts/fuzz-api.sh <vitrine binary>"

venv=$TARGET_DIR/fuzz-api
pins=$ROOT/scripts/fuzz-api/requirements.txt
if ! cmp -s "$pins" "$venv/pins.txt"; then
    rm -rf "$venv"
    have python3 && python3 -c 'import ensurepip' 2>/dev/null || "$ROOT/scripts/packages.sh" python3 python3-venv
    python3 -m venv "$venv"
    "$venv/bin/pip" install --quiet --disable-pip-version-check --requirement "$pins"
    cp "$pins" "$venv/pins.txt"
fi
exec "$ROOT/scripts/with-server.sh" "$1" "$venv/bin/python" "$ROOT/scripts/fuzz-api/run.py"
