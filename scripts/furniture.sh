#!/usr/bin/env bash
# Fetch Debian's Sweet Home 3D furniture and import the pieces of furniture/shortlist.csv into ./data for everybody.
# Running it again replaces the same pieces. DEB=<file> uses a package that is there already.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
cd "$ROOT"

PACKAGE=sweethome3d-furniture
work=$TARGET_DIR/furniture
libraries=$work/files/usr/share/sweethome3d/furniture
mkdir -p "$work"

if [ ! -d "$libraries" ]; then
    have dpkg-deb || die "dpkg-deb is needed: on other systems unpack Debian's package $PACKAGE into $work/files by hand"
    if [ -z "${DEB:-}" ]; then
        DEB=$(find "$work" -maxdepth 1 -name "${PACKAGE}_*.deb" | sort | tail -1)
    fi
    if [ -z "$DEB" ]; then
        have apt-get || die "get Debian's package $PACKAGE (packages.debian.org) and run: make furniture DEB=<file>"
        (cd "$work" && apt-get download "$PACKAGE") ||
            die "apt-get could not fetch $PACKAGE: run apt-get update, or get the file and run: make furniture DEB=<file>"
        DEB=$(find "$work" -maxdepth 1 -name "${PACKAGE}_*.deb" | sort | tail -1)
    fi
    rm -rf "$work/files.part"
    dpkg-deb -x "$DEB" "$work/files.part"
    rm -rf "$work/files"
    mv "$work/files.part" "$work/files"
fi

vitrine=${VITRINE:-}
if [ -z "$vitrine" ]; then
    cargo build --release --locked --package vitrine-app --bin vitrine
    vitrine=$TARGET_DIR/release/vitrine
fi
files=()
while read -r name; do
    files+=("$libraries/$name.sh3f")
done < <(sed 1d furniture/shortlist.csv | cut -d, -f1 | sort -u)
exec "$vitrine" furniture import "${files[@]}" --shortlist furniture/shortlist.csv
