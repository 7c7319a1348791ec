# Read from a test runner's own closing lines how many tests passed and failed. Source it.
# shellcheck shell=bash
#
#   closing_lines <log>   the lines by which the runner closes
#   count_tests <log>     "<passed> <failed>"; "0 0" when no runner has closed in that log
#
# Known: cargo-nextest, cargo test, vitest, node's own runner, Playwright's. A log may hold several runs; they add up.

plain_log() { sed -e 's/\x1b\[[0-9;]*[A-Za-z]//g' -e 's/\r$//' "$1"; }

closing_lines() {
    plain_log "$1" | grep -aE \
        -e '^ *Summary \[ *[0-9.]+s\] +[0-9/]+ tests? run:' \
        -e '^test result: ' \
        -e '^ *Tests +.*\([0-9]+\)$' \
        -e '^(#|ℹ) (tests|pass|fail) [0-9]+$' \
        -e '^ +[0-9]+ (passed|failed|flaky)( \(.*\))?$' \
        -e '^[0-9]+ passed, [0-9]+ failed$' || true
}

count_tests() {
    closing_lines "$1" | awk '
        function number_before(word,    text) {
            text = $0
            if (!match(text, "[0-9]+ " word)) return 0
            text = substr(text, RSTART, RLENGTH)
            sub(/ .*/, "", text)
            return text + 0
        }
        /^ *Summary / { passed += number_before("passed"); failed += number_before("failed") + number_before("timed out"); next }
        /^test result: / { passed += number_before("passed"); failed += number_before("failed"); next }
        /^ *Tests / { passed += number_before("passed"); failed += number_before("failed"); next }
        /^[0-9]+ passed, [0-9]+ failed$/ { passed += $1; failed += $3; next }
        $2 == "pass" { passed += $3; next }
        $2 == "fail" { failed += $3; next }
        $2 == "passed" || $2 == "flaky" { passed += $1; next }
        $2 == "failed" { failed += $1; next }
        END { print passed + 0, failed + 0 }'
}
