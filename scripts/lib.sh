# Helpers shared by the scripts here. Source it; it changes no directory and starts nothing.
# shellcheck shell=bash

ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
TARGET_DIR=${CARGO_TARGET_DIR:-$ROOT/target}
export ROOT TARGET_DIR

say() { printf '%s\n' "$*"; }

die() {
    printf 'error: %s\n' "$*" >&2
    exit 1
}

have() { command -v "$1" >/dev/null 2>&1; }

# A TCP port on loopback that nothing listens on now. Below the kernel's ephemeral range, so that an outgoing
# connection of another process does not take it before we do; the caller still has to cope with losing the race.
free_port() {
    local port
    for _ in $(seq 200); do
        port=$((20000 + (RANDOM * 32768 + RANDOM) % 12000))
        if ! (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null; then
            printf '%s\n' "$port"
            return 0
        fi
    done
    return 1
}

# One hash over the named files and folders (names and bytes), for "did anything here change since last time".
tree_hash() {
    local path
    for path in "$@"; do
        [ -e "$path" ] && find "$path" -type f -print0
    done | LC_ALL=C sort -z | xargs -0 -r sha256sum | sha256sum | cut -d' ' -f1
}
