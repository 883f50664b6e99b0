#!/usr/bin/env bash
# Pull requests from plan to apply, with plain git and a shell: three clones of one
# repository are the machines of a person and of two CI jobs, and gdfctl's simulator is
# the API. It needs no account, and removes everything at its end. gdfctl must be in
# the PATH.
#
# The project's tests play the same with a forge: FORGE_CONTROL is where it is told what
# people do, and GITHUB_API_URL is where the jobs find it.
set -euo pipefail

here=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d)
api=
trap '[ -z "$api" ] || kill "$api" 2>/dev/null; rm -rf "$work"' EXIT
cd "$work"

# shellcheck source=examples/ci/shell/parts.sh
. "$here/parts.sh"

step "The repository, with a configuration, a state, and a rule for its branch"
git init -q --bare shop.git
git clone -q shop.git owner 2>/dev/null
cp -R "$here/shop/." owner/
cd owner
git checkout -q -b main
state=$(gdfctl state init --json | sed -n 's/.*"state": "\(.*\)",*/\1/p')
sed "s/# pipeline.sh adds.*/state = \"$state\"/" main.hcl >new && mv new main.hcl
if with_forge; then sed 's/^policy {/policy {\n  min_approvals = 1/' main.hcl >new && mv new main.hcl; fi
printf '.gdfctl/\n*.feeds.json*\n*.md\n' >.gitignore
git add -A && git commit -q -m "Begin" && git push -q -u origin main
cd "$work"
for machine in planner applier; do git clone -q -b main shop.git "$machine"; done
only_the_apply_writes_the_state
cd owner && gdfctl validate

step "A pull request: its job plans, publishes the plan and shows it"
branch 1 saturday
cat >shipments/saturday.csv <<'CSV'
Marketplace,Order Number,Tracking Number,Carrier
Amazon,112-7654321-7654321,1Z999AA10123456793,UPS
Walmart,200012233445567,9400111899223857102040,USPS
CSV
pull_request 1 "Ship Saturday's parcels"
plan_job 1
gdfctl plans list

step "That job can't write the state, whatever a pull request makes of it"
expect 1 git push -q origin +HEAD:refs/heads/gdfctl-state/main HEAD:refs/heads/gdfctl-state/other
expect 1 gdfctl apply --published
if with_forge; then expect 0 gdfctl doctor --ci; fi

step "It is approved and merged: another job, on another machine, makes what was shown"
approve 1
merge 1
expect 0 apply_job

step "Later, a job reads back what was sent: the marketplaces took all of it"
expect 0 verify_job
gdfctl status --offline

step "The job is started again: nothing is left to do, and the plan is used up"
expect 0 apply_job
expect 0 gdfctl apply --published "$(gdfctl plans list --json | sed -n 's/.*"plan_hash": "\(.*\)",*/\1/p')"
expect 0 gdfctl plan --detailed-exitcode

step "A change is pushed past the review: it is not sent, and the job fails"
cd "$work/owner"
echo 'eBay,07-22334-45566,1Z999AA10123456819,UPS' >>shipments/saturday.csv
git commit -q -a -m "Quickly" && git push -q origin main
expect 3 apply_job

step "A plan is forged: for a commit of a pull request, with another number and a cancellation"
branch 2 sunday
echo 'Amazon,114-1357913-2468024,794201688433,FedEx' >>shipments/saturday.csv
pull_request 2 "Ship Sunday's parcel"
plan_job 2
approve 2
approved=$(git rev-parse HEAD)
git checkout -q --detach
sed -i.was 's/794201688433/794201688570/' shipments/saturday.csv && rm shipments/*.was
printf 'order "x" {\n  find   = { source = "Walmart", source_order_number = "200013344556678" }\n  status = "cancelled"\n  reason = "forged"\n}\n' >forged.hcl
git add -A && git commit -q -m "Forged"
GDF_COMMIT=$approved gdfctl plan --publish | grep "for commit ${approved:0:12}"
merge 2
expect 0 apply_job # with the number that everybody was shown

step "A branch that is behind: one cancels an order, another, planned before, ships it"
branch 3 cancel
printf 'order "sold-out" {\n  find   = { source = "Walmart", source_order_number = "200011223344556" }\n  status = "cancelled"\n  reason = "out of stock"\n}\n' >cancels.hcl
pull_request 3 "Cancel what is sold out"
plan_job 3
branch 4 monday
printf 'Marketplace,Order Number,Tracking Number,Carrier\nWalmart,200011223344556,9400111899223857102057,USPS\neBay,07-11223-34455,1Z999AA10123456846,UPS\n' >shipments/monday.csv
pull_request 4 "Ship Monday's parcels"
plan_job 4
approve 3 && merge 3
expect 0 apply_job
approve 4 && merge 4
apply_job || test $? = 3

if with_forge; then
	step "A commit is added after the approval: only what was approved is sent"
	branch 5 tuesday
	printf 'Marketplace,Order Number,Tracking Number,Carrier\neBay,07-33445-56677,1Z999AA10123456855,UPS\n' >shipments/tuesday.csv
	pull_request 5 "Ship Tuesday's parcel"
	plan_job 5
	approve 5
	sed -i.was 's/1Z999AA10123456855/1Z999AA10123456864/' shipments/tuesday.csv && rm shipments/*.was
	pushed 5 "Another number"
	plan_job 5
	merge 5
	expect 3 apply_job
	approve 5 # also after the merge
	expect 0 apply_job

	step "A plan that is too old does not count"
	forge "clock?hours=-200"
	branch 6 wednesday
	printf 'Marketplace,Order Number,Tracking Number,Carrier\nWalmart,200013344556678,9400111899223857102064,USPS\n' >shipments/wednesday.csv
	pull_request 6 "Ship Wednesday's parcel"
	plan_job 6
	forge "clock?hours=200"
	approve 6
	merge 6
	expect 3 apply_job
fi

step "A pull request raises the limit that it exceeds: its plan is held to that of main, and nothing is published"
branch 7 lifted
sed -i.was 's/max_acknowledgements = 0/max_acknowledgements = 500/' main.hcl && rm main.hcl.was
printf 'order "x" {\n  find         = { source = "Amazon", source_order_number = "112-1234567-1234567" }\n  status       = "acknowledged"\n  order_number = "SO-30001"\n}\n' >acknowledged.hcl
pull_request 7 "Acknowledge an order"
expect 1 plan_job 7
approve 7
merge 7
expect 3 apply_job

step "Nothing that was sent is left open"
expect 0 verify_job

step "Whoever has a clone sees what was done, and what is open"
cd "$work/owner"
gdfctl status
gdfctl state list
gdfctl audit verify
