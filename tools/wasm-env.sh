# Sourced before a command that builds for wasm32, from the project's folder:
#   . tools/wasm-env.sh && cargo build --target wasm32-unknown-unknown
# The one place that chooses between the ordinary Rust toolchain and the one
# that tools/debian-wasm.sh made where rustup could not download the target.
# shellcheck shell=bash

. tools/env.sh

if ! has_wasm32; then
  export RUSTUP_TOOLCHAIN=playtally-wasm
  # Debian's rustc has no rust-lld, the linker it would look for.
  export CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_LINKER=wasm-ld
fi
