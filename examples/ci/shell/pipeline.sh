#!/usr/bin/env bash
# A pull request from plan to apply, with plain git and a shell: two clones of one
# repository are the machines of two CI jobs, and gdfctl's simulator is the API. It
# needs no account, and removes everything at its end. gdfctl must be in the PATH.
set -euo pipefail

here=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d)
trap 'kill "$api" 2>/dev/null; rm -rf "$work"' EXIT
cd "$work"

step() { printf '\n== %s\n' "$*"; }
export GIT_AUTHOR_NAME=ann GIT_AUTHOR_EMAIL=ann@example.com GIT_COMMITTER_NAME=ann GIT_COMMITTER_EMAIL=ann@example.com
export GIT_CONFIG_NOSYSTEM=1 GDF_CACHE_DIR="$work/cache"

# The API, with made-up orders.
gdfctl sandbox --listen 127.0.0.1:0 >"$work/api" 2>&1 &
api=$!
until grep -q 'answers on' "$work/api"; do kill -0 "$api"; sleep 0.1; done
GDF_ENDPOINT=$(sed -n 's/.*answers on //p' "$work/api")
export GDF_ENDPOINT GDF_CONSUMER_KEY=sandbox

step "The repository, with a configuration and a state"
git init -q --bare shop.git
git clone -q shop.git owner 2>/dev/null
cp -R "$here/shop/." owner/
cd owner
git checkout -q -b main
state=$(gdfctl state init --json | sed -n 's/.*"state": "\(.*\)",*/\1/p')
sed "s/# pipeline.sh adds.*/state = \"$state\"/" main.hcl >new && mv new main.hcl
printf '.gdfctl/\n*.feeds.json\n' >.gitignore
git add -A && git commit -q -m "Begin" && git push -q origin main
gdfctl validate

step "A pull request: its job plans, and publishes the plan"
git clone -q -b main "$work/shop.git" "$work/planner" && cd "$work/planner"
git checkout -q -b saturday
cat >shipments/saturday.csv <<'CSV'
Marketplace,Order Number,Tracking Number,Carrier
Amazon,112-7654321-7654321,1Z999AA10123456793,UPS
Walmart,200012233445567,9400111899223857102040,USPS
CSV
git add -A && git commit -q -m "Ship Saturday's parcels" && git push -q origin saturday
gdfctl plan --publish
gdfctl plans list

step "It is merged: another job, on another machine, makes what was shown"
cd "$work/owner"
git fetch -q && git merge -q --no-ff -m "Merge saturday" origin/saturday && git push -q origin main
git clone -q -b main "$work/shop.git" "$work/applier" && cd "$work/applier"
gdfctl apply --published

step "The job is started again: nothing is left to do"
gdfctl apply --published

step "A change is pushed past the review: it is not sent, and the job fails"
cd "$work/owner"
echo 'eBay,07-22334-45566,1Z999AA10123456819,UPS' >>shipments/saturday.csv
git commit -q -a -m "Quickly" && git push -q origin main
cd "$work/applier" && git pull -q
code=0
gdfctl apply --published || code=$?
test "$code" = 3

step "Whoever has a clone sees what was done"
cd "$work/owner"
gdfctl state list
gdfctl audit verify
