#!/usr/bin/env bash
# Installs the programs that take part in the tests of faults, where this is Debian and we are root;
# without them those tests are left out, and say so.
set -uo pipefail
[ "$(id -u)" = 0 ] && command -v apt-get > /dev/null || exit 0
missing=""
for pair in logrotate:/usr/sbin/logrotate faketime:/usr/bin/faketime strace:/usr/bin/strace \
  golang-go:/usr/bin/go \
  golang-gopkg-natefinch-lumberjack.v2-dev:/usr/share/gocode/src/gopkg.in/natefinch/lumberjack.v2; do
  [ -e "${pair#*:}" ] || missing="$missing ${pair%%:*}"
done
[ -n "$missing" ] || exit 0
export DEBIAN_FRONTEND=noninteractive
# shellcheck disable=SC2086
{ apt-get update && apt-get install --yes --no-install-recommends $missing; } > /dev/null 2>&1 ||
  echo "These programs could not be installed:$missing" >&2
exit 0
