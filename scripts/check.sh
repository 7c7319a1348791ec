#!/usr/bin/env bash
# The fast loop before a commit: formatting, boundaries, then lints and tests of the crates that differ from BASE
# (default: the last commit), and the web checks when web/ differs. `make test` is the whole proof.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
cd "$ROOT"
base=${BASE:-HEAD}

step() {
    printf '\n== %s\n' "$1"
    shift
    "$@"
}

changed=$({
    git diff --name-only "$base" --
    git ls-files --others --exclude-standard
} | sort -u)

packages=()
everything=no
for path in $changed; do
    case $path in
    Cargo.toml | Cargo.lock | clippy.toml | .cargo/*) everything=yes ;;
    crates/*/*) manifest=$(cut -d/ -f1,2 <<<"$path")/Cargo.toml ;;&
    xtask/*) manifest=xtask/Cargo.toml ;;&
    migrations/*) manifest=crates/db/Cargo.toml ;;&
    crates/*/* | xtask/* | migrations/*)
        if [ -f "$manifest" ]; then
            packages+=("$(sed -n 's/^name = "\(.*\)"/\1/p' "$manifest" | head -n 1)")
        fi
        ;;
    esac
done

step "formatting" cargo fmt --all --check
step "boundaries" cargo run --quiet --package xtask -- boundaries

select=()
if [ "$everything" = yes ]; then
    select=(--workspace)
else
    for package in $(printf '%s\n' "${packages[@]:-}" | sort -u); do select+=(--package "$package"); done
fi

if [ ${#select[@]} -gt 0 ]; then
    step "clippy ${select[*]}" cargo clippy "${select[@]}" --all-targets -- -D warnings
    # The second database costs two seconds; without it those tests skip and say so.
    beside=()
    if compgen -G '/usr/lib/postgresql/*/bin/initdb' >/dev/null; then beside=(scripts/with-postgres.sh); fi
    if cargo nextest --version >/dev/null 2>&1; then
        step "tests" "${beside[@]}" cargo nextest run "${select[@]}" --no-tests=pass
    else
        step "tests" "${beside[@]}" cargo test "${select[@]}"
    fi
fi

if grep -q '^web/' <<<"$changed"; then
    step "web install" scripts/web.sh install
    step "web check" npm --prefix web run check
    step "web tests" npm --prefix web test
fi

printf '\nmake check passed'
[ ${#select[@]} -gt 0 ] || printf ' (no crate differs from %s)' "$base"
printf '\n'
