#!/usr/bin/env bash
# Runs the tests of packages that compute with sizes and counts as a program of
# 32 bits, which an amd64 machine can run, if its kernel was built for that. Elsewhere
# there is nothing to run.
set -euo pipefail
cd "$(dirname "$0")/.."

if [ "$(go env GOHOSTOS)/$(go env GOHOSTARCH)" != linux/amd64 ]; then
	echo "test-32: only linux/amd64 runs linux/386: skipped"
	exit 0
fi
export CGO_ENABLED=0 GOARCH=386
probe=$(mktemp -d)
trap 'rm -rf "$probe"' EXIT
echo 'package main; func main() {}' >"$probe/main.go"
go build -o "$probe/probe" "$probe/main.go"
runs=0
"$probe/probe" 2>/dev/null || runs=$?
if [ "$runs" = 126 ]; then
	echo "test-32: this kernel runs no programs of 32 bits: skipped"
	exit 0
fi
packages=(words listing order carrier rules lang table feedfile godatafeed disk)
go test -vet=off "${packages[@]/#/./internal/}"
