#!/usr/bin/env bash
# Runs the tests of the packages given, or of all that start goroutines, with the race
# detector. The others have nothing that it could find: scripts/exhaustive.sh runs those.
set -euo pipefail
cd "$(dirname "$0")/.."

packages=("$@")
if [ $# = 0 ]; then
	mapfile -t packages < <(scripts/raced.sh)
	# What takes longest begins first, so that nothing goes on alone at the end.
	packages=(./cmd/gdfctl ./internal/state/gitlog ./internal/state/shared ./internal/apply ./internal/reconcile ./internal/agent "${packages[@]}")
fi
# At each exit the detector waits a second for what may still come. What vet finds, its own
# step finds. No package is left unwatched, also not SQLite, which takes long: generic code of
# the standard library is compiled once for all that use it, and what the detector does not see
# there, it tells as races of others.
export CGO_ENABLED=1 GORACE="${GORACE:-atexit_sleep_ms=10}"
# Machines of acceptance tests hold leases that end soon: these tests have nothing beside them.
shared=() alone=()
for package in "${packages[@]}"; do
	if [ "$package" = ./internal/acceptance ]; then alone=("$package"); else shared+=("$package"); fi
done
failed=0
[ ${#shared[@]} = 0 ] || go test -race -vet=off -p 3 -timeout 45m "${shared[@]}" || failed=1
[ ${#alone[@]} = 0 ] || go test -race -vet=off -timeout 45m "${alone[@]}" || failed=1
exit $failed
