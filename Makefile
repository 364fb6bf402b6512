# `make run` runs the collector, `make test` runs the tests. Both install what they need.

.PHONY: run test generate soak fuzz conformance corpus front-ends bench-compile lint doc bench audit package services services-stop deps deps-libyang help
.DEFAULT_GOAL := help

CARGO ?= cargo
export CARGO_TERM_QUIET ?= true

help:
	@echo 'make run          build the collector and run it on 127.0.0.1:4433'
	@echo 'make test         formatting, lints, documentation, all tests'
	@echo 'make generate     the types that the runtime itself has from YANG'
	@echo 'make soak         1,000 kills and long outages (hours)'
	@echo 'make fuzz         random input for every decoder and the compiler, FUZZ_SECONDS (60) each'
	@echo "make conformance  verdicts over a folder of documents beside libyang's (VECTORS=, SETS=)"
	@echo 'make corpus       every module of two public collections: generated, compiled, tried'
	@echo 'make front-ends   the models of both front ends, of every module set that can be had'
	@echo 'make bench-compile  what generated code costs to make and to compile'
	@echo 'make bench        speed beside serde_json and libyang'
	@echo 'make doc          API documentation in target/doc'
	@echo 'make audit        licences and known advisories of the dependencies'
	@echo 'make symbols      the collector, with its debug data in a file beside it'
	@echo 'make package      the crates as they would be published'
	@echo 'make msrv         the libraries compile with the oldest Rust that they promise'
	@echo 'make api          what changed in the public API since BASE (main)'
	@echo 'make services     a real Kafka and InfluxDB on loopback; make services-stop ends them'

deps:
	@scripts/deps

# What compares with libyang, which is compiled for it.
deps-libyang:
	@scripts/deps libyang

run: deps
	@echo 'building the collector (the first time takes a few minutes)'
	@$(CARGO) build --release -p notif-server
	@echo 'running it; it prints two commands, try: and then:, to paste into another terminal'
	@exec $(CARGO) run --release -p notif-server -- serve --data-dir data

# The runtime is not needed to build the generator, so that this works when the two do not match.
generate:
	@$(CARGO) run --quiet --bin yang-codegen -- --search-path notif-runtime/yang \
		--runtime-path crate --output notif-runtime/src/restconf/generated.rs ietf-restconf

# Runs a part, and tells how long it took.
part = @echo '== $(1)'; start=$$(date +%s); $(2) && echo "   $$(($$(date +%s) - start)) s"

lint: deps-libyang
	$(call part,formatting,$(CARGO) fmt --all --check)
	$(call part,clippy,$(CARGO) clippy --workspace --all-targets -- -D warnings)
	$(call part,the runtime without the features that are on by default,\
		$(CARGO) check -p notif-runtime --no-default-features)
	$(call part,the generator without Rust output,\
		$(CARGO) check -p yang-codegen --no-default-features)
	$(call part,the generator without libyang,$(CARGO) check -p yang-codegen)
	$(call part,documentation,RUSTDOCFLAGS='-D warnings' $(CARGO) doc --workspace --no-deps)

test: lint
	$(call part,compiling the tests,$(CARGO) test --workspace --no-run)
	$(call part,tests with a real Kafka and a real InfluxDB (the first time builds InfluxDB),\
		scripts/services/services run $(CARGO) test --workspace)
	@echo 'all tests passed; next: make run'

symbols: deps-libyang
	@$(CARGO) build --profile symbols -p notif-server
	@ls target/symbols/notif-server target/symbols/notif-server.dwp

soak: deps-libyang
	@KILLS=$${KILLS:-1000} OUTAGE_SECONDS=$${OUTAGE_SECONDS:-180} scripts/services/services run \
		$(CARGO) test -p notif-server --test outages

# The fuzzer needs a nightly toolchain; everything else does not.
FUZZ_SECONDS ?= 60
FUZZ_FOLDER := $(CURDIR)/target/fuzz

fuzz: deps-libyang
	@rustup toolchain list | grep -q '^nightly' || rustup toolchain install nightly --profile minimal
	@command -v cargo-fuzz >/dev/null || $(CARGO) install --locked cargo-fuzz
	@cd benches/fuzz && CARGO_TARGET_DIR=$(FUZZ_FOLDER)/build \
		$(CARGO) +nightly run --bin seeds -- $(FUZZ_FOLDER)/corpus
	@set -e; for target in json xml cbor json-cbor yang; do \
		echo "== $$target, $(FUZZ_SECONDS) s"; \
		cd $(CURDIR)/benches/fuzz && $(CARGO) +nightly fuzz run --fuzz-dir . \
			--target-dir $(FUZZ_FOLDER)/build $$target $(FUZZ_FOLDER)/corpus/$$target -- \
			-max_total_time=$(FUZZ_SECONDS) -max_len=8192 -timeout=10 -verbosity=0 -print_funcs=0 \
			-artifact_prefix=$(FUZZ_FOLDER)/; \
	done
	@echo 'no input was found that a decoder or the compiler of modules fails at'

# Documents with libyang's verdicts, which are no part of the project.
VECTORS ?= ../shared/conformance

conformance: deps-libyang
	@$(CARGO) run -p conformance -- --vectors $(VECTORS) $(SETS)

# Modules that are fetched once; MODULES='a b' looks at these alone, CASES= at more documents.
corpus: deps-libyang
	@scripts/corpus target/corpus/modules
	@$(CARGO) run --release -p corpus -- $(addprefix --module ,$(MODULES)) $(addprefix --cases ,$(CASES)) \
		target/corpus/modules/pyang target/corpus/modules/frr

# Module sets read by both front ends; FOLDERS= looks at other folders, OPTIONS='--random 1000' at random
# sets too, --help has more.
SHARED ?= ../shared
MODULES_OF := target/corpus/modules
SETS_OF_SHARED := $(wildcard $(SHARED)/conformance/schema-sets $(SHARED)/field/vectors/schema-sets)
FIELD := $(wildcard $(SHARED)/field/modules $(SHARED)/field/cases)
FOLDERS ?= yang_modules yang-codegen/fixtures examples/yang:yang_modules $(MODULES_OF)/frr \
	$(addprefix $(MODULES_OF)/,pyang holo yuma openconfig libyang-models libyang-tests libyang-lint \
	libyang-fuzz libyang-examples ma5800) $(SETS_OF_SHARED) $(addsuffix :$(MODULES_OF)/pyang,$(FIELD))
OPTIONS ?= --random 200

front-ends: deps-libyang
	@SHARED=$(SHARED) scripts/corpus $(MODULES_OF) all
	@$(CARGO) run --release -p front-ends -- $(OPTIONS) $(FOLDERS)

bench-compile: deps-libyang
	@$(CARGO) run --release -p corpus --bin compile-cost

services:
	@scripts/services/services start

services-stop:
	@scripts/services/services stop

# The allocator keeps what is freed: the kernel's pages are not what is measured.
bench: deps-libyang
	@MALLOC_TRIM_THRESHOLD_=268435456 MALLOC_MMAP_THRESHOLD_=268435456 $(CARGO) bench -p benches

doc: deps-libyang
	@RUSTDOCFLAGS='-D warnings' $(CARGO) doc --workspace --no-deps
	@echo 'open target/doc/notif_runtime/index.html'

audit: deps-libyang
	@command -v cargo-deny >/dev/null || $(CARGO) install --locked cargo-deny
	@$(CARGO) deny check

# What build scripts and other crates take.
LIBRARIES := -p notif-runtime -p yang-codegen -p yang-codegen-cli

package: deps-libyang
	@$(CARGO) package $(LIBRARIES) --allow-dirty

# The oldest Rust, as Cargo.toml has it.
MSRV := $(shell sed -n 's/^rust-version = "\(.*\)"/\1/p' Cargo.toml)

msrv: deps-libyang
	@rustup toolchain list | grep -q '^$(MSRV)' || rustup toolchain install $(MSRV) --profile minimal
	@CARGO_TARGET_DIR=target/msrv $(CARGO) +$(MSRV) check $(LIBRARIES)

# Compares with a revision of the repository: BASE=v0.1.0.
BASE ?= main

api: deps-libyang
	@command -v cargo-semver-checks >/dev/null || $(CARGO) install --locked cargo-semver-checks
	@$(CARGO) semver-checks -p notif-runtime -p yang-codegen --baseline-rev $(BASE)
