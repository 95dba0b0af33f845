# What can be done here. `make help` lists it.
#
# LOOPSYNC_SCRATCH  where Swift builds (default: .build). Point two clones at one folder and the dependencies are
#                   compiled once.
# LOOPSYNC_VENV     the Python environment of the client tests (default: .venv).
# LOOPSYNC_BROWSER_VENV  that of the browser tests (default: .venv-browser).
# LOOPSYNC_BROWSER_JOBS  how many browsers run at a time (default: 2).
# LOOPSYNC_SCREENSHOTS   where the browser tests leave their pictures (default: screenshots in LOOPSYNC_SCRATCH).

SHELL := bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help

SCRATCH ?= $(or $(LOOPSYNC_SCRATCH),.build)
VENV ?= $(or $(LOOPSYNC_VENV),.venv)
export LOOPSYNC_SCRATCH := $(SCRATCH)
export LOOPSYNC_VENV := $(VENV)

KILLS ?= 50
PASSES ?= 200
SEEDS ?= 1000
FIRST ?= 1
SERIES ?= 0
JOBS ?= 1

.PHONY: help bootstrap build release test test-swift test-clients test-browser interoperability lint format bench demo demo-once crash simulate mutants simulator clean

help: ## This list
	@sed -n 's/^\([a-z-]*\):.*## /\1\t/p' $(MAKEFILE_LIST) | expand -t 16

bootstrap: ## Install what a fresh Debian 12 machine with Swift lacks
	@scripts/bootstrap

build: ## Build loopsync and loopsim for debugging
	@scripts/bootstrap --build
	swift build --scratch-path '$(SCRATCH)' --product loopsync
	swift build --scratch-path '$(SCRATCH)' --product loopsim

release: ## Build loopsync and loopsim for use
	@scripts/bootstrap --build
	swift build --scratch-path '$(SCRATCH)' -c release --product loopsync
	swift build --scratch-path '$(SCRATCH)' -c release --product loopsim

test: ## All tests: Swift's, then those in which independent clients drive the built programs
	@scripts/test

test-swift: ## Swift's tests only; FILTER=regex for some of them
	@scripts/test --swift $(if $(FILTER),--filter '$(FILTER)')

test-clients: ## The client tests only; FILTER=expression for some of them (pytest -k)
	@scripts/test --clients $(if $(FILTER),--filter '$(FILTER)')

test-browser: ## The pages in a real Chromium, with pictures of each; FILTER=expression for some of them (pytest -k)
	@scripts/test --browser $(if $(FILTER),--filter '$(FILTER)')

interoperability: ## Run the client tests and write docs/interoperability.md from what they showed
	@LOOPSYNC_INTEROPERABILITY=write scripts/test --clients

lint: ## Formatting, Swift's target imports, scripts
	@scripts/lint

format: ## Format the Swift sources in place
	swift format format --in-place --recursive --parallel Sources Tests Package.swift

bench: release simulator ## Measure passes, the time from a booking to its event, planning a full room, and every page
	@scripts/bootstrap
	'$(VENV)/bin/python' scripts/bench --passes '$(PASSES)'
	'$(SCRATCH)/release/loopsync-simulate' plan
	'$(VENV)/bin/python' scripts/bench-pages

demo: build ## Start the whole product on stand-ins, show both directions, leave it running
	'$(SCRATCH)/debug/loopsync' demo

demo-once: build ## The same without a person: exit status 0 only if both directions crossed
	'$(SCRATCH)/debug/loopsync' demo --once

crash: build ## Kill the service KILLS=n times at random moments and check that nothing was lost; SEED=n replays
	@scripts/bootstrap
	'$(VENV)/bin/python' scripts/crash --kills '$(KILLS)' $(if $(SEED),--seed '$(SEED)')

simulate: simulator ## Live SEEDS=n simulated histories from FIRST=seed on, SERIES=share of series, and check the promises
	'$(SCRATCH)/release/loopsync-simulate' --seeds '$(SEEDS)' --first '$(FIRST)' --series '$(SERIES)' --jobs '$(JOBS)'

mutants: simulator ## Break the engine on purpose in many ways; every one must be noticed. Writes docs/simulation.md
	'$(SCRATCH)/release/loopsync-simulate' mutants --write docs/simulation.md

simulator:
	@scripts/bootstrap --build
	swift build --scratch-path '$(SCRATCH)' -c release --product loopsync-simulate

clean: ## Remove what was built here; a scratch folder elsewhere stays
	rm -rf .build .pytest_cache
