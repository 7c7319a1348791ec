#!/usr/bin/env bash
# The web UI's slow steps, done only when something changed.
#
#   scripts/web.sh install    npm ci, when package.json or the lock file changed
#   scripts/web.sh build      install, then vite build into web/dist, when a source changed
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
cd "$ROOT/web"

have node && have npm || die "Node 20 or newer with npm is needed: install it first"
node_major=$(node --version | sed 's/^v\([0-9]*\).*/\1/')
[ "$node_major" -ge 20 ] || die "Node 20 or newer is needed, this is $(node --version)"
# The browser comes from the system, never from a package's own download.
export PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD=1

install_stamp=node_modules/.vitrine-install
build_stamp=node_modules/.vitrine-build

install_packages() {
    local wanted
    wanted="$(node --version) $(tree_hash package.json package-lock.json)"
    if [ "$(cat "$install_stamp" 2>/dev/null)" = "$wanted" ]; then return; fi
    say "installing the web packages"
    npm ci --no-audit --no-fund --loglevel=error </dev/null || {
        # A registry that hiccups once is common enough on a cold machine.
        sleep 5
        npm ci --no-audit --no-fund --loglevel=error </dev/null
    }
    printf '%s\n' "$wanted" >"$install_stamp"
}

build() {
    local wanted
    wanted=$(find . -mindepth 1 -maxdepth 1 ! -name node_modules ! -name dist ! -name e2e -print0 |
        LC_ALL=C sort -z | xargs -0 bash -c 'source "$0/scripts/lib.sh"; tree_hash "$@"' "$ROOT")
    if [ -f dist/index.html ] && [ "$(cat "$build_stamp" 2>/dev/null)" = "$wanted" ]; then return; fi
    say "building the web UI"
    npm run --silent build </dev/null
    [ -f dist/index.html ] || die "the build left no web/dist/index.html"
    printf '%s\n' "$wanted" >"$build_stamp"
}

case ${1:-} in
install) install_packages ;;
build)
    install_packages
    build
    ;;
*) die "usage: scripts/web.sh install|build" ;;
esac
