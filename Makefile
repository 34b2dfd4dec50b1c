# Whatever needs a tool runs tools/setup.sh first, which takes a moment when
# all is there. Everything made here is under target/ and www/pkg/.

SHELL := bash
.SHELLFLAGS := -euo pipefail -c
MAKEFLAGS += --no-builtin-rules
.NOTPARALLEL:
.DELETE_ON_ERROR:
.ONESHELL:
.DEFAULT_GOAL := help

# How far each module is optimised. The page's inspects a file while a person
# waits: "s" would take twice as long, and be 8 KB smaller gzipped.
modules := page engine unpack
wasm := $(foreach m,$(modules),www/pkg/$m/$m_bg.wasm)
level-page := 3
level-engine := 3
level-unpack := 3
sources := Cargo.toml Cargo.lock .cargo/config.toml \
  $(shell find src -name '*.rs')
clippy := cargo clippy --quiet

.PHONY: help setup build serve test test-native test-wasm test-page \
  test-large conformance bench bench-native fuzz lint fmt clean

help: ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-12s %s\n", $$1, $$2 }' \
	  $(MAKEFILE_LIST)

setup: ## install what is missing (ten minutes the first time)
	@tools/setup.sh

build: $(wasm) ## make www/ the whole static site

$(wasm): $(sources) | setup
	. tools/wasm-env.sh
	name=$(notdir $(@D))
	export CARGO_PROFILE_RELEASE_OPT_LEVEL=$(level-$(notdir $(@D)))
	wasm-pack build --target web --release --out-dir www/pkg/$$name \
	  --out-name $$name --no-pack -- --no-default-features --features $$name
	rm -f www/pkg/$$name/.gitignore

serve: build ## serve www/ at 127.0.0.1:8080, or at PORT=...
	@node tools/serve.js

test: lint test-native test-wasm test-page ## everything but the large tests

test-native: ## the crate's tests on this machine
	cargo test

# Not through wasm-pack, which would build the native tests for wasm32 too.
test-wasm: setup ## the crate's tests in Chromium
	. tools/wasm-env.sh
	export CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUNNER=wasm-bindgen-test-runner
	cargo test --target wasm32-unknown-unknown --test wasm

test-page: build ## the page's tests in Chromium
	. tools/env.sh
	playwright test --config tests/page --project page

test-large: build ## tests with files of several gigabytes
	. tools/env.sh
	LARGE=1 cargo test --test large
	LARGE=1 playwright test --config tests/page --project large

CORPORA ?= ../shared/corpora
RECIPES ?= small
# What the crate can do beyond what every case asks for.
options := custom-quote,delimiter-other,encoding:latin1,encoding:utf16le
options := $(options),encoding:shift_jis
cases := target/conformance
corpora := python3 $(CORPORA)/tools/corpora.py
answers := target/release/examples/conformance

conformance: ## cases from other programs' test suites, at CORPORA
	@if ! test -e $(CORPORA)/tools/corpora.py; then
	  echo "There are no cases at $(CORPORA): make $@ CORPORA=..."
	  exit 1
	fi
	cargo build --quiet --release --example conformance
	rm -rf $(cases)
	$(corpora) export $(cases) --plans full --recipes $(RECIPES) \
	  --options $(options)
	$(answers) --all $(cases)/requests.jsonl > $(cases)/answers.jsonl
	# It fails if a case does; what may fail is for the judge.
	$(corpora) grade $(cases)/answers.jsonl --out $(cases)/graded.jsonl \
	  > $(cases)/grade.log || true
	$(answers) --judge $(cases)/requests.jsonl $(cases)/graded.jsonl \
	  tests/conformance/allowed.txt

venv := target/bench/venv

bench: build $(venv)/installed ## Playtally beside others, in Chromium (45 minutes)
	. tools/env.sh
	cargo build --quiet --release --examples
	node tests/bench/bench.js

bench-native: ## the engine's inner loops on this machine
	cargo bench --bench engine

$(venv)/installed: tests/bench/requirements.txt
	python3 -m venv $(venv)
	$(venv)/bin/pip install --quiet --requirement $<
	touch $@

FUZZ_TARGETS ?= archives dates inspection numbers records rejects runs text
FUZZ_SECONDS ?= 60

fuzz: setup ## each parser of foreign bytes with any bytes, for FUZZ_SECONDS
	. tools/env.sh
	command -v cargo-fuzz >/dev/null || cargo install --quiet --locked \
	  --root "$$PLAYTALLY_TOOLS" cargo-fuzz
	for target in $(FUZZ_TARGETS); do
	  mkdir -p target/fuzz/found/$$target
	  cargo +nightly fuzz run --fuzz-dir tests/fuzz --target-dir target/fuzz \
	    $$target target/fuzz/found/$$target tests/fuzz/seeds/$$target -- \
	    -max_total_time=$(FUZZ_SECONDS) -max_len=4096 -timeout=10 \
	    -rss_limit_mb=2048 -verbosity=0 -print_final_stats=1
	done

lint: build ## formatting, lints and types, any warning being an error
	. tools/env.sh
	cargo fmt --check
	$(clippy) --all-targets -- -Dwarnings
	(. tools/wasm-env.sh; $(clippy) --lib --test wasm \
	  --target wasm32-unknown-unknown -- -Dwarnings)
	prettier --log-level warn --check .
	# Each script is compiled while it loads, and not function by function
	# when they are first called: https://v8.dev/blog/explicit-compile-hints
	! grep -L '^//# allFunctionsCalledOnLoad$$' www/*.js www/ui/*.js | grep . \
	  || exit 1
	tsc
	tsc --project tsconfig.worker.json
	tsc --project tsconfig.node.json
	tsc --project tests/bench

fmt: setup ## format everything
	. tools/env.sh
	cargo fmt
	prettier --log-level warn --write .

clean: ## remove everything that was made here, but not the tools
	rm -rf target www/pkg test-results playwright-report
