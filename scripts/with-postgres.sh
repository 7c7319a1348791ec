#!/usr/bin/env bash
# Run a command with a throw-away PostgreSQL beside it.
#
#   scripts/with-postgres.sh cargo test -p vitrine-db
#
# The server is a new one in a temporary folder, on a free loopback port and a private socket folder, under an
# unprivileged user when this runs as root (PostgreSQL refuses root). It is stopped and removed when the command ends,
# and also when this script is killed. The command finds it in VITRINE_TEST_POSTGRES_URL. Servers that were already
# running are not looked at. Durability is off: this is for tests only.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
[ $# -gt 0 ] || die "usage: scripts/with-postgres.sh <command> [argument…]"

find_bin() {
    local folder
    folder=$(find /usr/lib/postgresql -mindepth 2 -maxdepth 2 -name bin 2>/dev/null | sort -V | tail -n 1)
    if [ -n "$folder" ] && [ -x "$folder/initdb" ] && [ -x "$folder/postgres" ]; then
        printf '%s\n' "$folder"
    elif have initdb && have pg_ctl; then
        dirname "$(command -v initdb)"
    else
        return 1
    fi
}

if ! BIN=$(find_bin); then
    "$ROOT/scripts/packages.sh" postgresql
    BIN=$(find_bin) || die "PostgreSQL was installed, but no initdb is in /usr/lib/postgresql/*/bin"
fi

# Short on purpose: a socket path may have 107 bytes.
folder=$(mktemp -d "/tmp/vitrine-pg.XXXXXX")
as_user=()
if [ "$(id -u)" = 0 ]; then
    as_user=(setpriv --reuid=nobody --regid="$(id -gn nobody)" --clear-groups --)
    chown nobody:"$(id -gn nobody)" "$folder"
fi
chmod 700 "$folder"

# The server's user may not be allowed into the caller's folder, hence the `cd`.
pg() {
    local tool=$1
    shift
    (cd "$folder" && env -u PGHOST -u PGPORT -u PGUSER -u PGDATABASE -u PGDATA LC_ALL=C HOME="$folder" \
        "${as_user[@]}" "$BIN/$tool" "$@" </dev/null)
}

guard=
stop() {
    if [ -n "$guard" ]; then kill "$guard" 2>/dev/null || true; fi
    if [ -e "$folder/data/postmaster.pid" ]; then
        pg pg_ctl stop -D "$folder/data" -m immediate -t 20 >/dev/null 2>&1 || true
    fi
    rm -rf "$folder"
}
trap stop EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP

if ! pg initdb -D "$folder/data" -U vitrine -A trust -E UTF8 --locale=C.UTF-8 --no-sync >"$folder/initdb.log" 2>&1; then
    cat "$folder/initdb.log" >&2
    die "could not make the test database in $folder"
fi

start_server() {
    pg pg_ctl start -D "$folder/data" -l "$folder/server.log" -w -t 60 -o "\
        -c listen_addresses=127.0.0.1 -c port=$1 -c unix_socket_directories=$folder \
        -c max_connections=200 -c shared_buffers=64MB -c fsync=off -c synchronous_commit=off -c full_page_writes=off \
        -c wal_level=minimal -c max_wal_senders=0 -c log_min_messages=fatal" >"$folder/start.log" 2>&1
}

started=no
for _ in 1 2 3 4 5; do
    port=$(free_port) || die "no free loopback port"
    if start_server "$port"; then
        started=yes
        break
    fi
done
if [ "$started" = no ]; then
    cat "$folder/start.log" "$folder/server.log" >&2 || true
    die "could not start the test database"
fi

# A killed script runs no trap, so a small guard outlives it for a second and clears up.
(
    trap '' INT HUP
    trap - EXIT TERM
    guard=
    while kill -0 $$ 2>/dev/null && [ -d "$folder" ]; do sleep 1; done
    stop
) </dev/null >/dev/null 2>&1 &
guard=$!

export VITRINE_TEST_POSTGRES_URL="postgres://vitrine@127.0.0.1:$port/postgres"
"$@"
