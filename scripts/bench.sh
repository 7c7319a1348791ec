#!/usr/bin/env bash
# Print the figures that docs/performance.md speaks of. Nothing here passes or fails; on a busy machine the figures are
# worth less. Takes minutes; VITRINE_BENCH_COLD=1 adds a release build from nothing, which takes minutes more.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
cd "$ROOT"

heading() { printf '\n== %s\n' "$*"; }

scripts/web.sh build
cargo build --release --locked --package vitrine-app --bin vitrine
binary=$TARGET_DIR/release/vitrine

folder=$(mktemp -d "${TMPDIR:-/tmp}/vitrine-bench.XXXXXX")
server=
clean_up() {
    if [ -n "$server" ]; then kill -KILL "$server" 2>/dev/null || true; fi
    rm -rf "$folder"
}
trap clean_up EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP

now_us() { printf '%s\n' "${EPOCHREALTIME/[.,]/}"; }

# Whether /health answers on the port.
answers() {
    exec 3<>"/dev/tcp/127.0.0.1/$1" || return 1
    printf 'GET /health HTTP/1.0\r\n\r\n' >&3
    local line=
    read -r -t 2 line <&3 || true
    exec 3>&-
    [[ $line == *" 200 "* ]]
}

start() {
    local port=$1 began tries=0
    began=$(now_us)
    (
        cd "$folder"
        unset VITRINE_BENCH_COLD
        VITRINE_ENV=development VITRINE_ADDR=127.0.0.1:$port VITRINE_DATA_DIR=$folder/data VITRINE_RATE_LIMITS=off exec "$binary" serve
    ) </dev/null >"$folder/log" 2>&1 &
    server=$!
    until answers "$port" 2>/dev/null; do
        tries=$((tries + 1))
        if [ "$tries" -gt 20000 ] || ! kill -0 "$server" 2>/dev/null; then
            cat "$folder/log" >&2
            die "vitrine serve did not answer"
        fi
    done
    took_us=$(($(now_us) - began))
}

stop() {
    kill -TERM "$server"
    wait "$server" || true
    server=
}

say "$(nproc) cores of $(sed -n 's/^model name[^:]*: //p' /proc/cpuinfo | head -n 1), $(uname -sr)"
say "load before: $(cut -d' ' -f1-3 /proc/loadavg)"

heading "start to first answer of /health, SQLite, schema in place (median of 9)"
port=$(free_port)
start "$port"
say "first start, with the schema to make: $((took_us / 1000)) ms"
stop
times=()
for _ in 1 2 3 4 5 6 7 8 9; do
    start "$port"
    times+=("$took_us")
    stop
done
median=$(printf '%s\n' "${times[@]}" | sort -n | sed -n 5p)
say "start to first answer: $((median / 1000)).$(printf '%03d' $((median % 1000))) ms"

heading "idle memory, ten seconds after the start"
start "$port"
sleep 10
awk '/^VmRSS/ { printf "idle memory: %.1f MB\n", $2 * 1024 / 1e6 }' "/proc/$server/status"
stop

if [ -n "${VITRINE_BENCH_COLD:-}" ]; then
    heading "release build from nothing, $(nproc) cores"
    began=$(now_us)
    CARGO_TARGET_DIR=$folder/target cargo build --release --locked --quiet --package vitrine-app --bin vitrine
    took=$(($(now_us) - began))
    say "release build: $((took / 1000000)) s"
    rm -rf "$folder/target"
fi

heading "an edit in one slice, cargo check of the workspace"
cargo check --workspace --locked --quiet
touch crates/staging/src/projects/service.rs
began=$(now_us)
cargo check --workspace --locked --quiet
took=$(($(now_us) - began))
say "edit to checked: $((took / 1000)) ms"

heading "benches of the crates"
scripts/with-postgres.sh cargo bench --workspace --locked --bench '*'
