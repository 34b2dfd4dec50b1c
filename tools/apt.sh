#!/usr/bin/env bash
# Installs Debian packages; the lists are fetched anew only if that fails.
set -euo pipefail
cd "$(dirname "$0")/.."

if ! command -v apt-get >/dev/null; then
  echo "There is no apt-get here. Install what Debian calls: $*" >&2
  exit 1
fi

install=(env DEBIAN_FRONTEND=noninteractive apt-get install
  -qq -y -o Dpkg::Use-Pty=0 --no-install-recommends "$@")
tools/as-root.sh "${install[@]}" || {
  echo "Fetching the package lists and trying again."
  tools/as-root.sh apt-get update -qq
  tools/as-root.sh "${install[@]}"
}
