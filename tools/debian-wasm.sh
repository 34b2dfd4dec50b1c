#!/usr/bin/env bash
# Makes a Rust toolchain called playtally-wasm out of Debian's packages, for
# machines on which rustup can't download the wasm32 target. Debian ships the
# compiler and the source of the standard library, but not the library built
# for wasm32; it is compiled here, by the very compiler that will use it.
#
# With the argument `check` nothing is made: the exit status says whether the
# toolchain is there and up to date.
set -euo pipefail
cd "$(dirname "$0")/.."

target=wasm32-unknown-unknown
library=/usr/lib/rustlib/$target/lib
packages=(rustc-web cargo-web rust-web-src rust-web-clippy lld)

# A library is good only for the compiler that made it.
compiler() {
  /usr/bin/rustc --version --verbose
  dpkg-query --show rustc-web rust-web-src
}

is_current() {
  dpkg-query --show "${packages[@]}" &&
    [ "$(compiler)" = "$(cat "$library/compiled-by")" ] &&
    rustup run playtally-wasm rustc --version
} &>/dev/null

if is_current; then exit 0; fi
if [ "${1:-}" = check ]; then exit 1; fi

if ! command -v rustup >/dev/null; then
  echo "This Rust has no wasm32 target and there is no rustup to add one." \
    "Install Rust with rustup, or your system's wasm32 library." >&2
  exit 1
fi

echo "Installing Debian's Rust: ${packages[*]} (half a minute)."
tools/apt.sh "${packages[@]}"

echo "Compiling Rust's standard library for wasm32 (2 minutes)."
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir "$work/src"
touch "$work/src/lib.rs"
cat >"$work/Cargo.toml" <<'END'
[package]
name = "empty"
edition = "2024"

[lib]
crate-type = ["cdylib"]
END
# `test` is there for wasm-bindgen-test. Only a nightly compiler builds the
# library, or one that is told to behave like one.
(
  cd "$work"
  RUSTC=/usr/bin/rustc RUSTC_BOOTSTRAP=1 \
    CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_LINKER=wasm-ld \
    /usr/bin/cargo build --quiet --release --target $target \
    --target-dir built -Zbuild-std=std,panic_abort,test
)

compiler >"$work/compiled-by"
tools/as-root.sh rm -rf "$library"
tools/as-root.sh install -D --mode 644 --target-directory "$library" \
  "$work/built/$target/release/deps/"*.rlib "$work/compiled-by"
rustup toolchain link playtally-wasm /usr
