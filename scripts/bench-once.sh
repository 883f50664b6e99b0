#!/usr/bin/env bash
# Runs each benchmark once. Only packages that have one are built.
set -euo pipefail
cd "$(dirname "$0")/.."

mapfile -t packages < <(grep -rl --include='*_test.go' '^func Benchmark' cmd internal | xargs -n1 dirname | sort -u)
go test -vet=off -run '^$' -bench . -benchtime 1x "${packages[@]/#/./}"
