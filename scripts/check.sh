#!/usr/bin/env bash
# Runs every step, also after one that failed, and says at the end which did.
set -uo pipefail
cd "$(dirname "$0")/.."

# Here no test is skipped because its server is missing.
export GDF_REQUIRE_STORES=1

# The quickest go first.
steps=(prepare build cross test-32 tidy vet race exhaustive timed bench-once bench-quick lint)
report=()
failed=0
began=$SECONDS

run() {
	case $1 in
	vet) go vet ./... ;;
	*) "${MAKE:-make}" --no-print-directory "$1" ;;
	esac
}

for step in "${steps[@]}"; do
	printf '\n== %s\n' "$step"
	start=$SECONDS
	if run "$step"; then
		word=good
	else
		word=FAILED
		failed=$((failed + 1))
	fi
	report+=("$(printf '  %-11s %-6s %4d s' "$step" "$word" $((SECONDS - start)))")
done

printf '\n== check: %d of %d steps are good, %d s\n' $((${#steps[@]} - failed)) ${#steps[@]} $((SECONDS - began))
printf '%s\n' "${report[@]}"
if [ "$failed" != 0 ]; then
	echo "check: FAILED. What is wrong is told above, step by step."
	exit 1
fi
echo "check: everything holds."
