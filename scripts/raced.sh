#!/usr/bin/env bash
# Lists the packages that start goroutines, in their code or in their tests: in these the
# race detector can find something. With "others", it lists those that start none.
set -euo pipefail
cd "$(dirname "$0")/.."

starts='(^|[[:space:]{])go (func\(|[A-Za-z_.]+\()|\.(Go|Parallel|AfterFunc)\(|^[[:space:]]*([a-z]+ )?"(net/http[a-z/]*|testing/synctest)"$'
go list -f '{{.Dir}}' ./... | while read -r dir; do
	found=raced
	sed 's|^[[:space:]]*//.*||' "$dir"/*.go | grep -cE "$starts" >/dev/null || found=others
	[ "$found" != "${1:-raced}" ] || echo ".${dir#"$PWD"}"
done
