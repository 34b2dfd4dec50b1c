#!/usr/bin/env bash
# Puts in place what the project needs and this machine lacks. The first time
# that may take ten minutes, afterwards a moment. Nothing is put into the
# repository but node_modules; the tools go to $PLAYTALLY_TOOLS.
set -euo pipefail
cd "$(dirname "$0")/.."
. tools/env.sh

trap 'echo "Setup stopped; the lines above say where and why. Once that is\
 put right, run make setup again." >&2' ERR

wasm_pack=0.15.1
# wasm-bindgen's tool and crate must have the same version.
wasm_bindgen=$(awk '/^name = "wasm-bindgen"$/ { getline; print $3 }' \
  Cargo.lock | tr -d '"')
: "${wasm_bindgen:?is to be read from Cargo.lock, which does not name it}"

# Says what is about to be done.
say() { echo "Setup: $*"; }

# need COMMAND ADVICE: stops unless the command is there.
need() {
  if ! command -v "$1" >/dev/null; then
    echo "Setup: $1 is missing. $2" >&2
    exit 1
  fi
}

# has VERSION COMMAND: true if the tool has exactly that version.
has() { [ "$("$2" --version 2>/dev/null)" = "$2 $1" ]; }

need cargo 'Install Rust with rustup: https://rustup.rs'
need npm 'Install Node.js 20 or newer: https://nodejs.org'
need cc 'Install a C compiler (on Debian: apt-get install gcc libc6-dev).'

if ! cargo fmt --version &>/dev/null || ! cargo clippy --version &>/dev/null
then
  say 'adding rustfmt and clippy to Rust (some seconds).'
  rustup component add rustfmt clippy
fi

if ! has_wasm32 && ! tools/debian-wasm.sh check; then
  say 'adding the wasm32 target to Rust (some seconds).'
  rustup target add wasm32-unknown-unknown || {
    say "rustup can't; making it from Debian's packages (3 minutes)."
    tools/debian-wasm.sh
  }
fi

if ! has "$wasm_pack" wasm-pack; then
  say "compiling wasm-pack $wasm_pack (3 minutes)."
  cargo install --quiet --root "$PLAYTALLY_TOOLS" --locked \
    wasm-pack --version "$wasm_pack"
fi

if ! has "$wasm_bindgen" wasm-bindgen; then
  say "compiling wasm-bindgen $wasm_bindgen (5 minutes)."
  # Not --locked: 0.2.130 is locked to a webpki-roots that may be missing.
  cargo install --quiet --root "$PLAYTALLY_TOOLS" \
    wasm-bindgen-cli --version "$wasm_bindgen"
fi

if ! [ -x "$CHROMIUM" ] || ! [ -x "$CHROMEDRIVER" ]; then
  say 'installing Chromium and its driver (a minute).'
  tools/apt.sh chromium chromium-driver
fi

# What npm installed last is remembered beside it.
if ! cmp -s package-lock.json node_modules/.installed-from; then
  say 'installing the npm packages (some seconds).'
  npm ci --no-audit --no-fund --loglevel=error
  cp package-lock.json node_modules/.installed-from
fi

say 'everything is in place.'
