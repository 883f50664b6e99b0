#!/usr/bin/env bash
# Vets all packages and their tests for the systems and word sizes that the
# checks do not run on, which compiles them, and builds the program. Nothing is
# kept; each is tried, also after one that failed. TARGETS picks some of them.
set -uo pipefail
cd "$(dirname "$0")/.."

all="windows/amd64 windows/arm64 windows/386 darwin/amd64 darwin/arm64 linux/arm64 linux/386 linux/arm freebsd/amd64"
failed=0
for target in ${TARGETS:-$all}; do
	export CGO_ENABLED=0 GOOS=${target%/*} GOARCH=${target#*/}
	if ! { go vet ./... && go build -o /dev/null ./cmd/gdfctl; }; then
		echo "cross: it does not build for $target" >&2
		failed=1
	fi
done
exit $failed
