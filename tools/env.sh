# Sourced by the other scripts and by the Makefile: where the tools are.
# shellcheck shell=bash

export PLAYTALLY_TOOLS="${PLAYTALLY_TOOLS:-${XDG_CACHE_HOME:-$HOME/.cache}/playtally}"
export CHROMIUM="${CHROMIUM:-/usr/bin/chromium}"
export CHROMEDRIVER="${CHROMEDRIVER:-/usr/bin/chromedriver}"
# node_modules/.bin has wasm-opt, which wasm-pack would otherwise download.
export PATH="$PLAYTALLY_TOOLS/bin:$PWD/node_modules/.bin:$PATH"

# True if the Rust toolchain in use can build for wasm32.
has_wasm32() {
  compgen -G "$(rustc --print target-libdir \
    --target wasm32-unknown-unknown)/libstd-*.rlib" >/dev/null
}
