#!/usr/bin/env bash
# Make sure that Debian packages which the tests need are there.
#
#   scripts/packages.sh <package>…
#
# Installs what is missing when it may (root, apt); otherwise says in one line what to install and fails. A service that
# a package would start stays stopped, and PostgreSQL makes no cluster: both are blocked for the time of the
# installation, and the machine's own settings are put back afterwards, whatever happens.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

is_installed() {
    [ "$(dpkg-query -W -f='${db:Status-Status}' "$1" 2>/dev/null)" = installed ]
}

find_missing() {
    missing=()
    local package
    for package in "$@"; do
        is_installed "$package" || missing+=("$package")
    done
    [ ${#missing[@]} -gt 0 ]
}
find_missing "$@" || exit 0

have apt-get || die "these Debian packages are missing: ${missing[*]} (no apt-get here; install their equivalents)"
[ "$(id -u)" = 0 ] || die "packages are missing, install them with: sudo apt-get install --no-install-recommends ${missing[*]}"

# Two runs at once would each take the other's temporary files for the machine's own.
exec 9>/run/lock/vitrine-packages.lock
flock 9
find_missing "$@" || exit 0

POLICY=/usr/sbin/policy-rc.d
CLUSTER_CONF=/etc/postgresql-common/createcluster.conf
kept=$(mktemp -d)
made_cluster_folder=no

# Moves the machine's own file aside.
keep() {
    local name
    name=$(basename "$1")
    if [ -e "$1" ] || [ -L "$1" ]; then
        cp -a "$1" "$kept/$name"
        rm -f "$1"
    fi
}

put_back() {
    local status=$?
    trap - EXIT INT TERM
    rm -f "$POLICY"
    [ ! -e "$kept/policy-rc.d" ] || cp -a "$kept/policy-rc.d" "$POLICY"
    rm -f "$CLUSTER_CONF"
    if [ -e "$kept/createcluster.conf" ]; then
        cp -a "$kept/createcluster.conf" "$CLUSTER_CONF"
    elif is_installed postgresql-common; then
        # The package came during this run: give it the file that it would have written.
        cp /usr/share/postgresql-common/createcluster.conf "$CLUSTER_CONF"
        chmod 644 "$CLUSTER_CONF"
        rm -f "$CLUSTER_CONF.ucf-dist"
    elif [ "$made_cluster_folder" = yes ]; then
        rmdir "$(dirname "$CLUSTER_CONF")" 2>/dev/null || true
    fi
    rm -rf "$kept"
    exit "$status"
}
trap put_back EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

keep "$POLICY"
printf '#!/bin/sh\nexit 101\n' >"$POLICY"
chmod 755 "$POLICY"
keep "$CLUSTER_CONF"
if [ ! -d "$(dirname "$CLUSTER_CONF")" ]; then
    mkdir -p "$(dirname "$CLUSTER_CONF")"
    made_cluster_folder=yes
fi
printf 'create_main_cluster = false\nstart_conf = manual\n' >"$CLUSTER_CONF"

export DEBIAN_FRONTEND=noninteractive UCF_FORCE_CONFFOLD=1 NEEDRESTART_MODE=l
APT=(apt-get -qq -y -o DPkg::Lock::Timeout=300 -o Acquire::Retries=3)

install_missing() {
    "${APT[@]}" install --no-install-recommends -o Dpkg::Options::=--force-confold "${missing[@]}" </dev/null
}

knows_all() {
    local package
    for package in "${missing[@]}"; do
        apt-cache policy "$package" | grep -q 'Candidate: [^(]' || return 1
    done
}

say "installing ${missing[*]}"
knows_all || "${APT[@]}" update </dev/null
if ! install_missing; then
    # Old lists name versions that the mirror no longer has: fetch them again and try once more.
    sleep 5
    "${APT[@]}" update </dev/null
    install_missing || die "could not install ${missing[*]}: see the lines above"
fi
