#!/usr/bin/env bash
# Installs Prometheus and Alertmanager, with which metrics and alerts are tested, where this is Debian
# and we are root. Their services are not started: what is tested starts its own.
set -uo pipefail
[ "$(id -u)" = 0 ] && command -v apt-get > /dev/null || exit 0
[ -e /usr/bin/prometheus ] && [ -e /usr/bin/prometheus-alertmanager ] && exit 0
export DEBIAN_FRONTEND=noninteractive
# invoke-rc.d starts nothing where this says so.
[ -e /usr/sbin/policy-rc.d ] || { printf '#!/bin/sh\nexit 101\n' > /usr/sbin/policy-rc.d &&
  chmod +x /usr/sbin/policy-rc.d && trap 'rm -f /usr/sbin/policy-rc.d' EXIT; }
{ apt-get update && apt-get install --yes --no-install-recommends prometheus prometheus-alertmanager; } \
  > /dev/null 2>&1 || echo "Prometheus could not be installed." >&2
exit 0
