#!/usr/bin/env bash
# Run a command against a freshly started Vitrine: empty data folder, SQLite, local files, a free loopback port.
#
#   scripts/with-server.sh target/debug/vitrine npm --prefix web run e2e
#
# The command finds the address in VITRINE_BASE_URL and the one-time link of the first start in VITRINE_SETUP_URL. The
# server has to survive the command and to stop within 20 seconds of being asked to; otherwise this fails too.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
[ $# -ge 2 ] || die "usage: scripts/with-server.sh <vitrine binary> <command> [argument…]"
binary=$1
shift
[ -x "$binary" ] || die "$binary is no program"

# What the caller has set for a server of their own does not belong here.
for name in $(compgen -e VITRINE_ || true); do
    case $name in VITRINE_CHROMIUM | VITRINE_FUZZ_*) ;; *) unset "$name" ;; esac
done

folder=$(mktemp -d "${TMPDIR:-/tmp}/vitrine-e2e.XXXXXX")
log=$folder/server.log
server=
clean_up() {
    if [ -n "$server" ]; then kill -KILL "$server" 2>/dev/null || true; fi
    rm -rf "$folder"
}
trap clean_up EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP

show_log() {
    say "--- end of the server's log:" >&2
    tail -n 60 "$log" >&2 || true
}

setup_link() { grep -ao 'https\?://[^ "]*/setup?token=[^ "]*' "$log" 2>/dev/null | head -n 1; }

start_server() {
    local port=$1
    : >"$log"
    # A folder of its own keeps the server from reading the vitrine.toml of the caller's folder.
    mkdir -p "$folder/run"
    binary=$(realpath "$binary")
    (
        cd "$folder/run"
        unset VITRINE_CHROMIUM
        export VITRINE_ENV=development VITRINE_ADDR=127.0.0.1:$port VITRINE_DATA_DIR=$folder/data
        export VITRINE_PUBLIC_URL=http://127.0.0.1:$port VITRINE_RATE_LIMITS=off NO_COLOR=1
        exec "$binary" serve
    ) </dev/null >"$log" 2>&1 &
    server=$!
    for _ in $(seq 300); do
        if [ -n "$(setup_link)" ] && (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null; then
            return 0
        fi
        kill -0 "$server" 2>/dev/null || return 1
        sleep 0.1
    done
    kill -KILL "$server" 2>/dev/null || true
    return 1
}

started=no
for _ in 1 2 3; do
    port=$(free_port) || die "no free loopback port"
    if start_server "$port"; then
        started=yes
        break
    fi
    rm -rf "$folder/data"
done
if [ "$started" = no ]; then
    server=
    show_log
    die "vitrine serve did not come up, or printed no set-up link"
fi

# A killed script runs no trap: this guard then ends the server and removes its folder.
(
    trap '' INT HUP
    trap - EXIT TERM
    while kill -0 $$ 2>/dev/null; do sleep 1; done
    clean_up
) </dev/null >/dev/null 2>&1 &
guard=$!

status=0
VITRINE_BASE_URL=http://127.0.0.1:$port VITRINE_SETUP_URL=$(setup_link) "$@" || status=$?
kill "$guard" 2>/dev/null || true

if ! kill -0 "$server" 2>/dev/null; then
    show_log
    server=
    die "the server ended while the command was running"
fi
if [ "$status" != 0 ]; then show_log; fi

kill -TERM "$server"
for _ in $(seq 200); do
    kill -0 "$server" 2>/dev/null || break
    sleep 0.1
done
if kill -0 "$server" 2>/dev/null; then
    show_log
    die "the server did not stop within 20 seconds"
fi
server_status=0
wait "$server" || server_status=$?
server=
[ "$server_status" = 0 ] || { show_log; die "the server stopped with exit code $server_status"; }
exit "$status"
