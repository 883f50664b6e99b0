#!/usr/bin/env bash
# Prints the version of this tree: the tag and what came after it, or, without
# a tag, the version that the source names with the commit behind it. Prints
# nothing where git can't tell.
set -euo pipefail
cd "$(dirname "$0")/.."

describe() { git --no-optional-locks describe --dirty "$@" 2>/dev/null; }

if tagged=$(describe --tags --match 'v[0-9]*.[0-9]*.[0-9]*'); then
	echo "${tagged#v}"
elif commit=$(describe --always --exclude '*'); then
	source=$(sed -n 's/^const development = "\(.*\)"$/\1/p' internal/build/build.go)
	echo "${source:-0.0.0}+$commit"
fi
