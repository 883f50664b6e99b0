#!/usr/bin/env bash
# Runs one command of gdfctl, shows its report in the pull request, and says in
# outputs how it ended. Every input comes from the environment, and none is read as a
# command of the shell.
set -euo pipefail

[[ ${GDFCTL_COMMAND:?} =~ ^[a-z][a-z-]*(\ [a-z][a-z-]*)*$ ]] || {
	echo "::error title=The input command is wrong::It holds only words, such as plan or feeds check. Arguments go into the input args, one per line."
	exit 64
}
read -ra command <<<"$GDFCTL_COMMAND"
args=()
while IFS= read -r line; do
	line=${line%$'\r'}
	[ -z "$line" ] || args+=("$line")
done <<<"${GDFCTL_ARGS:-}"

reports=${GDFCTL_REPORTS:-}
reports=${reports:-$RUNNER_TEMP/gdfctl-reports}
mkdir -p "$reports"
report="$reports/${command[0]}.md"
page="$reports/gdfctl-${command[0]}.html"
rm -f "$report" "$page"

flags=()
case "${command[*]}" in
plan) flags=(--detailed-exitcode --markdown "$report" --html "$page" --annotate github --summary) ;;
apply) flags=(--markdown "$report" --html "$page" --annotate github --summary) ;;
verify) flags=(--markdown "$report" --summary) ;;
status) flags=(--check --markdown "$report" --summary) ;;
"feeds check") flags=(--markdown "$report" --annotate github --summary) ;;
validate) flags=(--annotate github) ;;
esac

# A runner that cancels a job sends its signal to this shell alone. What was sent is
# recorded only if gdfctl gets it. What the shell starts in the background ignores
# SIGINT; SIGTERM means the same to gdfctl.
signals=0
pid=
# shellcheck disable=SC2317 # trap calls it
relay() {
	signals=$((signals + 1))
	[ -z "$pid" ] || kill -TERM "$pid" 2>/dev/null || true
}
trap relay INT TERM HUP
gdfctl "${command[@]}" --chdir "${GDFCTL_CHDIR:-.}" ${flags[@]+"${flags[@]}"} ${args[@]+"${args[@]}"} &
pid=$!
[ "$signals" -eq 0 ] || kill -TERM "$pid" # it came before there was a process
code=0
waited=0
ended() { # a wait ends with a signal too; of a process that was waited for, nothing is known
	local status=0
	wait "$pid" 2>/dev/null || status=$?
	[ "$status" -eq 127 ] || code=$status
}
ended
while [ "$code" -gt 128 ] && [ "$waited" -ne "$signals" ]; do
	waited=$signals
	ended
done

{
	echo "exit-code=$code"
	case "${command[*]}" in
	plan) # one that exceeds a limit or is not whole has changes too, as its report says
		counts=
		[ ! -s "$report" ] || counts=$(sed -n '1s/^<!-- gdfctl:plan .* changes=[0-9a-f]*:\([0-9/]*\).*-->$/\1/p' "$report")
		case "$counts:$code" in
		*[1-9]*:* | :2) echo "changes=true" ;;
		0*:* | :0) echo "changes=false" ;;
		esac
		;;
	esac
	if [ -s "$report" ]; then
		echo "markdown=$report"
		sed -n '1s/^<!-- gdfctl:.* plan=\([0-9a-f]\{64\}\) .*-->$/plan-hash=\1/p' "$report"
	fi
	[ ! -s "$page" ] || echo "html=$page"
} >>"$GITHUB_OUTPUT"

# What the forge can't do is a warning of gdfctl's, and doesn't fail the job.
if [ "${GDFCTL_COMMENT:-}" = true ] && [ -s "$report" ] && [ "$signals" -eq 0 ]; then
	gdfctl comment "$report" || echo "::warning title=The report is not in the pull request::gdfctl comment failed"
fi

case "${command[*]}:$code" in
plan:2) code=0 ;;              # --detailed-exitcode: there are changes
verify:2 | status:2) code=0 ;; # something waits, and needs nobody
esac
exit "$code"
