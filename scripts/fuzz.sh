#!/usr/bin/env bash
# Runs each fuzz target for the time that is given, one after the other. What
# is found lands in the package's testdata/fuzz: commit it with the remedy.
set -euo pipefail
cd "$(dirname "$0")/.."

time=${1:?how long each target runs, like 30s}
count=0
log=$(mktemp)
trap 'rm -f "$log"' EXIT
while IFS=: read -r file target; do
	printf '\n== %s in %s, %s\n' "$target" "$(dirname "$file")" "$time"
	# Making each new input small would take up most of the time. When the time
	# is up in the middle of one, go reports a deadline as a failure: only an
	# input that it wrote down is one.
	if ! go test -run '^$' -fuzz "^$target\$" -fuzztime "$time" -fuzzminimizetime 5x "./$(dirname "$file")" 2>&1 | tee "$log"; then
		if grep -q 'Failing input written' "$log" || ! grep -q 'context deadline exceeded' "$log"; then
			exit 1
		fi
	fi
	count=$((count + 1))
done < <(grep -rEo '^func Fuzz\w+' --include='*_test.go' cmd internal | sed 's/func //' | sort)
printf '\nfuzz: %d targets ran for %s each, and found nothing.\n' "$count" "$time"
