#!/usr/bin/env bash
# Unpacks MySQL's own server (Debian stable has only MariaDB) and the libraries that it needs from Debian unstable into
# a folder, without touching the system: fetch-mysql.sh FOLDER. Then LOCKOUT_MYSQL_ROOT=FOLDER names it for the tests.
# Needs Debian or one of its kin, apt and dpkg; no root. A folder that has a server already is left as it is.
set -euo pipefail

root=${1:?usage: fetch-mysql.sh FOLDER}
[[ -x $root/usr/sbin/mysqld ]] && exit 0
mkdir -p "$root"
root=$(cd "$root" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# The mirror that this machine uses for Debian itself, or Debian's own.
mirror=$(
  cat /etc/apt/sources.list /etc/apt/sources.list.d/*.list /etc/apt/sources.list.d/*.sources 2>/dev/null |
    grep -vE '^\s*#' | grep -oE 'https?://[^] ]+' | sed 's,/*$,,' | grep -E '/debian$' | head -n 1
) || true
keyring=/usr/share/keyrings/debian-archive-keyring.gpg

mkdir -p "$work"/{state/lists/partial,cache/archives/partial,etc/preferences.d}
: >"$work/state/status" # nothing is installed, so that everything needed is fetched
echo "deb [signed-by=$keyring] ${mirror:-http://deb.debian.org/debian} sid main" >"$work/etc/sources.list"

# Proxies and the like stay as the machine has them; sources, lists, state and cache are ours.
own=(
  -o "Dir::Etc::sourcelist=$work/etc/sources.list"
  -o "Dir::Etc::sourceparts=-"
  -o "Dir::Etc::preferences=-"
  -o "Dir::Etc::preferencesparts=$work/etc/preferences.d"
  -o "Dir::State=$work/state"
  -o "Dir::State::status=$work/state/status"
  -o "Dir::Cache=$work/cache"
  -o "Dir::Log=$work"
  -o "APT::Sandbox::User="
  -o "Acquire::Languages=none"
  -o "Acquire::Retries=3"
  -o "Debug::NoLocking=true"
)
apt-get "${own[@]}" -qq update
apt-get "${own[@]}" -qq --yes --no-install-recommends --download-only install mysql-server-core >/dev/null

for package in "$work"/cache/archives/*.deb; do
  dpkg -x "$package" "$root"
done
[[ -x $root/usr/sbin/mysqld ]]
