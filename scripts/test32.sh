#!/usr/bin/env bash
# Runs the tests of packages that compute with sizes and counts as a program of
# 32 bits, which an amd64 machine can run. Elsewhere there is nothing to run.
set -euo pipefail
cd "$(dirname "$0")/.."

if [ "$(go env GOHOSTOS)/$(go env GOHOSTARCH)" != linux/amd64 ]; then
	echo "test-32: only linux/amd64 runs linux/386: skipped"
	exit 0
fi
packages=(words listing order carrier rules lang table feedfile godatafeed disk)
CGO_ENABLED=0 GOARCH=386 go test -vet=off "${packages[@]/#/./internal/}"
