#!/usr/bin/env bash
# Checks the systems and word sizes that the tests do not run on. All packages and their
# tests are type-checked for each, from their sources: that finds what is missing or
# overflows there. For one other system and one other word size they are vetted as well,
# and the program is built, which a release does for each system that it has.
set -uo pipefail
cd "$(dirname "$0")/.."

all="windows/amd64 windows/arm64 windows/386 darwin/amd64 darwin/arm64 linux/arm64 linux/386 linux/arm freebsd/amd64"
built="windows/amd64 linux/386"
failed=0
go build -C tools -o ../bin/cross ./cross || exit 1
# shellcheck disable=SC2086 # they are several words
bin/cross ${TARGETS:-$all} || failed=1
for target in ${TARGETS:-$built}; do
	export CGO_ENABLED=0 GOOS=${target%/*} GOARCH=${target#*/}
	if ! { go vet ./... && go build -o /dev/null ./cmd/gdfctl; }; then
		echo "cross: it does not build for $target" >&2
		failed=1
	fi
done
exit $failed
