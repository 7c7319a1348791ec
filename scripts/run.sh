#!/usr/bin/env bash
# Build what changed and start Vitrine with a SQLite file and local files in ./data; it prints its address.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
cd "$ROOT"

have cargo || die "Rust is needed: install rustc and cargo $(sed -n 's/^rust-version = "\(.*\)"/\1/p' Cargo.toml) or newer"
have cc || die "a C compiler is needed: install gcc (on Debian: apt-get install build-essential)"
scripts/web.sh build
cargo build --release --locked --package vitrine-app --bin vitrine
exec "$TARGET_DIR/release/vitrine" serve
