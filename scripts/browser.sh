#!/usr/bin/env bash
# Print the path of a Chromium for the browser tests; install Debian's when there is none and this may.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

find_browser() {
    local name
    for name in ${VITRINE_CHROMIUM:-} chromium chromium-browser google-chrome; do
        if have "$name"; then
            command -v "$name"
            return
        fi
    done
    return 1
}

if ! find_browser; then
    # A page without any font is an empty page.
    "$ROOT/scripts/packages.sh" chromium chromium-sandbox fonts-liberation >&2
    find_browser || die "Chromium was installed, but no chromium is on the PATH"
fi
