#!/usr/bin/env bash
# Runs a command as root, through sudo where that is needed.
set -euo pipefail

if [ "$(id -u)" = 0 ]; then
  exec "$@"
elif command -v sudo >/dev/null; then
  exec sudo "$@"
fi
echo "This needs root, and there is no sudo. Run it as root yourself: $*" >&2
exit 1
