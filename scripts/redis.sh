#!/usr/bin/env bash
# Print the path of a Redis or Valkey server for the tests; install Debian's when there is none and this may. Tests start
# servers of their own, each on a socket in a temporary folder; no service is started and none that runs is looked at.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

find_server() { command -v valkey-server || command -v redis-server; }

if ! find_server; then
    "$ROOT/scripts/packages.sh" redis-server >&2
    find_server || die "redis-server was installed, but is not on the PATH"
fi
