# shellcheck shell=bash
# What people and jobs do, for pipeline.sh, whose directory is $work.
: "${work:?}"

step() { printf '\n== %s\n' "$*"; }

# expect runs a command that must end with this code.
expect() {
	local want=$1 is=0
	shift
	"$@" || is=$?
	test "$is" = "$want" || {
		printf '%s: exit %s, and not %s\n' "$*" "$is" "$want" >&2
		exit 1
	}
}

# Without a forge of the tests, nothing of the job that this may run in is believed.
with_forge() { [ -n "${FORGE_CONTROL:-}" ]; }
with_forge || unset GITHUB_ACTIONS GITHUB_API_URL GITHUB_EVENT_PATH GITLAB_CI CI CI_API_V4_URL
forge() { ! with_forge || curl --fail --silent --show-error "$FORGE_CONTROL/$1"; }

export GIT_AUTHOR_NAME=ann GIT_AUTHOR_EMAIL=ann@example.com GIT_COMMITTER_NAME=ann GIT_COMMITTER_EMAIL=ann@example.com
export GIT_CONFIG_NOSYSTEM=1 GDF_CACHE_DIR="$work/cache"

# Whose credentials are used: those of a person who may do everything, of the job that
# plans, or of the job that applies.
export PUSHER=owner

# The API, with made-up orders, unless there is one.
if [ -z "${GDF_ENDPOINT:-}" ]; then
	gdfctl sandbox --listen 127.0.0.1:0 >"$work/api" 2>&1 &
	api=$!
	until grep -q 'answers on' "$work/api"; do
		kill -0 "$api" 2>/dev/null || {
			echo "The simulator did not start:" && cat "$work/api"
			exit 1
		} >&2
		sleep 0.1
	done
	GDF_ENDPOINT=$(sed -n 's/.*answers on //p' "$work/api")
	export GDF_ENDPOINT GDF_CONSUMER_KEY=sandbox
fi

# A forge has a rule for that. Here a hook of the repository does it.
only_the_apply_writes_the_state() {
	cat >"$work/shop.git/hooks/pre-receive" <<'HOOK'
#!/bin/sh
while read -r _ _ ref; do
	case $PUSHER:$ref in
	plan:refs/heads/gdfctl-state/*)
		echo "GH013: Repository rule violations found for $ref: only the job that applies may push here" >&2
		exit 1
		;;
	esac
done
HOOK
	chmod +x "$work/shop.git/hooks/pre-receive"
}

# branch N NAME begins a branch at main, in the clone of the job that plans.
branch() {
	cd "$work/planner" || return
	git fetch -q && git checkout -q -B "$2" origin/main
	eval "branch_$1=$2"
}
name_of() { eval "echo \$branch_$1"; }

# pull_request N TITLE commits what changed, pushes the branch, and opens it.
pull_request() {
	git add -A && git commit -q -m "$2" && PUSHER=ann git push -q origin "$(name_of "$1")"
	forge "open?number=$1&head=$(git rev-parse HEAD)&base=$(git rev-parse origin/main)"
}

# pushed N TITLE adds a commit to it.
pushed() {
	git commit -q -a -m "$2" && PUSHER=ann git push -q origin "$(name_of "$1")"
	forge "push?number=$1&head=$(git rev-parse HEAD)"
}

approve() { forge "approve?number=$1&commit=$(git -C "$work/planner" rev-parse "origin/$(name_of "$1")")"; }

merge() {
	cd "$work/owner" || return
	git pull -q && git merge -q --no-ff -m "Merge $(name_of "$1")" "origin/$(name_of "$1")" && git push -q origin main
	forge "merge?number=$1&commit=$(git rev-parse HEAD)"
}

# job WHAT [N] makes the environment that of a job of GitHub Actions, if there is a
# forge.
job() {
	PUSHER=$1
	with_forge || return 0
	runs=$((${runs:-0} + 1))
	export GITHUB_ACTIONS=true GITHUB_RUN_ID=$runs GITHUB_EVENT_PATH="$work/event.json" GITHUB_REF_NAME=main GITHUB_BASE_REF="" GITHUB_SHA
	GITHUB_SHA=$(git rev-parse HEAD)
	echo '{}' >"$work/event.json"
	if [ "$1" = plan ]; then
		GITHUB_REF_NAME=$2/merge GITHUB_BASE_REF=main
		printf '{"pull_request": {"number": %s, "head": {"sha": "%s"}}}' "$2" "$(git rev-parse HEAD)" >"$work/event.json"
	fi
}

comment() { if with_forge; then gdfctl comment "$1"; fi; }

# plan_job N is what the job of a pull request runs.
plan_job() {
	cd "$work/planner" && git checkout -q "$(name_of "$1")" || return
	job plan "$1"
	local code=0
	gdfctl plan --publish --policy-ref origin/main --markdown plan.md || code=$?
	comment plan.md
	return "$code"
}

# verify_job is what a job on a schedule runs, with the credentials of the one that
# applies: it records what it sees.
verify_job() {
	cd "$work/applier" && git pull -q || return
	job apply
	gdfctl verify --wait 1m
}

# apply_job is what the job of the branch main runs.
apply_job() {
	cd "$work/applier" && git pull -q || return
	job apply
	local code=0
	gdfctl apply --published --markdown apply.md || code=$?
	comment apply.md
	return "$code"
}
