#!/usr/bin/env bash
# The whole proof, no step by hand: formatting, lints, boundaries, all Rust and web tests on both databases, browser
# tests. Called by `make test`. Works from a fresh clone, as root and as an ordinary user, without standard input.
#
# A step that fails or cannot run stops everything with a non-zero exit. Logs: target/test-logs/<step>.log.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
source "$ROOT/scripts/counts.sh"
cd "$ROOT"

logs=$TARGET_DIR/test-logs
mkdir -p "$logs"
rm -f "$logs"/*.log

export CARGO_TERM_COLOR=never NO_COLOR=1 CI=${CI:-true} INSTA_UPDATE=no
unset FORCE_COLOR CLICOLOR_FORCE UPDATE_DOCS

passed=0
failed=0
step=start
closings=()
began=$SECONDS

finish() {
    local status=$?
    trap - EXIT
    if [ "$status" != 0 ]; then
        # A step that is no test run, or one that broke before its runner closed, is one failure.
        [ "$failed" -gt 0 ] || failed=1
        say "" "make test FAILED at: $step (exit code $status, logs in $logs)"
    else
        say "" "make test: everything passed in $((SECONDS - began)) s"
    fi
    if [ ${#closings[@]} -gt 0 ]; then printf '%s\n' "${closings[@]}"; fi
    say "$passed passed, $failed failed"
    exit "$status"
}
trap finish EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP

# run <step name> <command…>: quiet unless it fails.
run() {
    step=$1
    shift
    log=$logs/${step// /-}.log
    local started=$SECONDS status=0
    printf '%-28s' "$step"
    # In a subshell, so that `die` ends the step and not this script. Bash ignores `set -e` in here: chain with &&.
    ("$@") </dev/null >"$log" 2>&1 || status=$?
    if [ "$status" = 0 ]; then
        printf 'ok %6d s\n' $((SECONDS - started))
    else
        printf 'FAILED after %d s, exit code %d\n' $((SECONDS - started)) "$status"
        say "--- the end of $log:"
        tail -n 80 "$log"
        return "$status"
    fi
}

# run_tests <step name> <command…>: the same, adds up what the runner counted; no test at all is a failure.
run_tests() {
    local status=0 counted line
    run "$@" || status=$?
    counted=$(count_tests "$log")
    passed=$((passed + ${counted% *}))
    failed=$((failed + ${counted#* }))
    while IFS= read -r line; do
        # cargo test closes once per binary; those without a test say nothing.
        case $line in '' | 'test result: ok. 0 passed; 0 failed; 0 ignored;'*) ;; *)
            closings+=("$line")
            say "    $line"
            ;;
        esac
    done < <(closing_lines "$log")
    [ "$status" = 0 ] || return "$status"
    if [ "$counted" = "0 0" ]; then
        say "the step '$step' passed without running a test: that proves nothing"
        tail -n 20 "$log"
        return 1
    fi
    if [ "${counted#* }" != 0 ]; then
        say "the step '$step' exited 0 although its runner counted failures"
        return 1
    fi
}

tools() {
    have cargo || die "Rust is needed: install rustc and cargo $(sed -n 's/^rust-version = "\(.*\)"/\1/p' Cargo.toml) or newer"
    cargo fmt --version || die "rustfmt is missing: rustup component add rustfmt"
    cargo clippy --version || die "clippy is missing: rustup component add clippy"
    have cc || die "a C compiler is needed: install gcc (on Debian: apt-get install build-essential)"
    have node && have npm || die "Node 20 or newer with npm is needed: install it first"
    scripts/with-postgres.sh true && scripts/redis.sh && scripts/browser.sh
}

formatting() {
    cargo fmt --all --check -- -l || {
        say "the files above are not formatted: make fmt"
        return 1
    }
}

rust_tests() {
    export VITRINE_REQUIRE_POSTGRES=1 VITRINE_REQUIRE_REDIS=1
    if cargo nextest --version >/dev/null 2>&1; then
        scripts/with-postgres.sh cargo nextest run --workspace --locked --no-fail-fast
    else
        # Documentation tests have a step of their own below.
        scripts/with-postgres.sh cargo test --workspace --locked --no-fail-fast --lib --bins --tests --examples
    fi
}

doc_tests() { cargo test --workspace --locked --doc --no-fail-fast; }

browser_tests() {
    VITRINE_CHROMIUM=$(scripts/browser.sh) || return 1
    export VITRINE_CHROMIUM
    timeout --kill-after=20 900 scripts/with-server.sh "$TARGET_DIR/debug/vitrine" npm --prefix web run e2e
}

api_fuzzing() { timeout --kill-after=20 1200 scripts/fuzz-api.sh "$TARGET_DIR/debug/vitrine"; }

run "tools" tools
run "formatting" formatting
run "boundaries" cargo run --quiet --locked --package xtask -- boundaries
run "web install" scripts/web.sh install
run "sign-in server" npm ci --no-audit --no-fund --prefix crates/platform/tests/oidc-provider
run "web check" npm --prefix web run check
run_tests "web tests" npm --prefix web test
run "web build" scripts/web.sh build
run "clippy" cargo clippy --workspace --all-targets --locked -- -D warnings
# The server of the browser tests comes out of the same build as the tests, so nothing is compiled twice.
run "rust build" cargo build --workspace --bins --tests --examples --locked
run_tests "rust tests" rust_tests
run "doc tests" doc_tests
run_tests "api fuzzing" api_fuzzing
run_tests "browser tests" browser_tests
