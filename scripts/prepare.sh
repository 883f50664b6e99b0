#!/usr/bin/env bash
# Installs what the checks need beyond Go and make. The race detector needs a C
# compiler; nothing else does.
set -euo pipefail

if ! command -v go >/dev/null; then
	echo "Go is missing: install it from https://go.dev/dl/, in the version that go.mod names or later." >&2
	exit 1
fi

compiler=$(go env CC)
if command -v "${compiler%% *}" >/dev/null; then
	exit 0
fi
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
	echo "The race detector needs a C compiler: installing gcc."
	apt-get update -qq
	DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends gcc libc6-dev >/dev/null
	exit 0
fi
echo "The race detector needs a C compiler, and there is no $compiler: install one (Debian, Ubuntu: sudo apt-get install gcc libc6-dev), or run 'make test', which needs none." >&2
exit 1
