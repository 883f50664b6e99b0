# `make` lists the targets. Everything beyond a line is in scripts/.

# The program knows its version from the linker, so that a tree without git,
# or with one that belongs to somebody else, builds as well. Without the paths of
# sources, another clone finds in Go's cache what the first one compiled.
export GOFLAGS := $(strip $(filter-out -buildvcs% -trimpath,$(shell go env GOFLAGS)) -buildvcs=false -trimpath)

VERSION  ?= $(shell scripts/version.sh)
LDFLAGS  := $(if $(VERSION),-X main.linked=$(VERSION))
FUZZTIME ?= 30s
SOAK_KILLS ?= 1000
BENCH    ?= .
PKG      ?= ./...
MUTANTS  ?= .

LINT := bin/golangci-lint

.DEFAULT_GOAL := help
.PHONY: help check build cross test test-32 race exhaustive timed lint fmt tidy picture notice bench bench-long bench-quick bench-go bench-once fuzz soak mutants release-dry-run prepare clean

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z0-9-]+:.*## / { printf "  make %-15s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

check: ## everything that has to hold before a change is merged
	@MAKE='$(MAKE)' scripts/check.sh

build: ## build bin/gdfctl
	CGO_ENABLED=0 go build -trimpath -ldflags '$(LDFLAGS)' -o bin/gdfctl ./cmd/gdfctl

cross: ## check all packages and tests for the other systems
	scripts/cross.sh

test: ## run the tests of PKG, quickly
	go test $(PKG)

test-32: ## run the tests of what computes with large numbers on 32 bits
	@scripts/test32.sh

race: prepare ## run the tests of PKG with the race detector; of all that start goroutines without PKG
	@scripts/race.sh $(filter-out ./...,$(PKG))

exhaustive: prepare ## run what the race detector leaves out or cuts short: every history of a model, and what measures memory
	@scripts/exhaustive.sh

timed: prepare ## run what judges promises of time, alone: agents, several machines
	@scripts/timed.sh

lint: $(LINT) ## formatting and mistakes, by .golangci.yml
	$(LINT) run

fmt: $(LINT) ## put the Go files into their layout
	$(LINT) fmt

tidy: ## check that go.mod and go.sum are as `go mod tidy` leaves them
	go mod tidy -diff

picture: ## draw the pictures of README and of the documents again
	GDFCTL_UPDATE_SCRIPTS=1 go test -count=1 -run '^TestPicture' ./cmd/gdfctl ./internal/view/html

notice: ## write NOTICE: whose code is linked, and its licenses
	go run ./internal/notice

bench: prepare ## measure the program, some 8 minutes, and write docs/performance.md
	go run ./internal/bench $(if $(PART),-run '$(PART)')

bench-long: prepare ## measure 4,000 changes with states of each kind, 35 minutes
	go run ./internal/bench -long $(if $(PART),-run '$(PART)')

bench-quick: prepare ## measure at a hundredth of the size, to see that the measuring works
	go run ./internal/bench -quick

bench-go: ## run the Go benchmarks of PKG that match BENCH
	go test -run '^$$' -bench '$(BENCH)' -benchmem $(PKG)

bench-once: ## run each benchmark once, to see that it still works
	@scripts/bench-once.sh

soak: ## many more kills and faults than check plays; SOAK_KILLS sets how many
	GDF_SOAK_KILLS=$(SOAK_KILLS) GDF_SOAK_FAULTS=40 GDF_SOAK_ROUNDS=20 GDF_SOAK_RECORDS=100000 GDF_SOAK_WORKSPACES=200 go test -count=1 -timeout 80m -run 'Kill|Fault|TwoMachines|MachineIsLost|LostMachine|LongerThanTheLease|Unlock|FailsOver|WholeState|TestGit$$|Agent|GivesWay|AMachine' ./internal/acceptance ./internal/apply ./internal/state/shared ./internal/state/statetest

fuzz: ## run each fuzz target for FUZZTIME
	@scripts/fuzz.sh $(FUZZTIME)

mutants: prepare ## plant bugs, those that match MUTANTS, and see a test notice each
	go run ./internal/mutants -run '$(MUTANTS)'

release-dry-run: ## build all that a release has into dist/, twice, and publish nothing
	scripts/release.sh dry-run

prepare: ## install what the checks need and the machine lacks
	@scripts/prepare.sh

clean: ## remove what was built
	rm -rf bin dist release

# The linter takes minutes to build the first time, and seconds from Go's cache.
$(LINT): tools/go.mod tools/go.sum
	@echo "building $@ (some minutes the first time)"
	go build -C tools -o ../bin/ github.com/golangci/golangci-lint/v2/cmd/golangci-lint
	@touch $@
