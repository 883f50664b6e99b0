#!/usr/bin/env bash
# Builds everything that a release has. What it builds depends on the tree alone.
#
#   scripts/release.sh dry-run            into dist/, twice, and compares; publishes nothing
#   scripts/release.sh prepare VERSION    writes action/checksums.txt, for the commit that is tagged
#   scripts/release.sh publish            in the workflow of a tag: a draft on GitHub
set -euo pipefail
cd "$(dirname "$0")/.."

# Whoever builds a release builds it with this Go, and so the same bytes.
export GOTOOLCHAIN=go1.26.8

fail() {
	echo "release: $1" >&2
	exit 1
}

# The date of all files is that of the release in the changelog. Before that is
# written, it is the day of the last commit.
changelog_date() { sed -n "s/^## \[${VERSION//./\\.}\] - \([0-9]\{4\}-[0-9][0-9]-[0-9][0-9]\)$/\1/p" CHANGELOG.md; }

tools() {
	if [ ! bin/goreleaser -nt tools/release/go.sum ]; then
		echo "building bin/goreleaser and bin/cyclonedx-gomod (some minutes the first time)"
		go build -C tools/release -o ../../bin/ github.com/goreleaser/goreleaser/v2 github.com/CycloneDX/cyclonedx-gomod/cmd/cyclonedx-gomod
		touch bin/goreleaser
	fi
}

# What the archives hold beside the program and the documents of the tree.
contents() {
	rm -rf release
	mkdir -p release/man release/completions
	GDFCTL_MANUAL=$PWD/release/man go test -count=1 -run "^TestManual\$" ./cmd/gdfctl >&2
	go build -o release/gdfctl ./cmd/gdfctl
	release/gdfctl completion bash >release/completions/gdfctl.bash
	release/gdfctl completion zsh >release/completions/_gdfctl
	release/gdfctl completion fish >release/completions/gdfctl.fish
	release/gdfctl completion powershell >release/completions/gdfctl.ps1
	rm release/gdfctl
	cat LICENSE NOTICE >release/copyright
}

# build runs goreleaser for VERSION.
build() {
	SOURCE_DATE=$(changelog_date)
	[ -n "$SOURCE_DATE" ] || SOURCE_DATE=$(git log -1 --format=%cs)
	SOURCE_DATE+=T00:00:00Z
	SOURCE_DATE_EPOCH=$(date -u -d "$SOURCE_DATE" +%s)
	export VERSION SOURCE_DATE SOURCE_DATE_EPOCH GORELEASER_CURRENT_TAG=v$VERSION
	if [ -z "$(git remote)" ]; then # which goreleaser insists on
		export GIT_CONFIG_COUNT=1 GIT_CONFIG_KEY_0=remote.origin.url GIT_CONFIG_VALUE_0=https://github.com/gdfctl/gdfctl
	fi
	contents
	# Its default, an hour, is too short for a slow machine that compiles everything.
	PATH=$PWD/bin:$PATH goreleaser release --clean --timeout 6h "$@"
}

# archives are the lines of the checksums that the action needs.
archives() { grep -E '_(linux|darwin|windows)_(amd64|arm64)\.(tar\.gz|zip)$' dist/checksums.txt | sort -k2; }

# look checks that what was built is whole: what is in the packages, and that the
# program for this machine runs and knows its version.
look() {
	local name="dist/gdfctl_${VERSION}_linux_amd64" want=(usr/bin/gdfctl usr/share/man/man1/gdfctl-plan.1
		usr/share/bash-completion/completions/gdfctl usr/share/doc/gdfctl/copyright
		usr/lib/systemd/system/gdfctl-agent.service usr/lib/sysusers.d/gdfctl.conf)
	for os in linux darwin windows; do
		for arch in amd64 arm64; do
			local archive="dist/gdfctl_${VERSION}_${os}_${arch}"
			[ -s "$archive.tar.gz" ] || [ -s "$archive.zip" ] || fail "there is no archive for $os on $arch"
			[ -s "$archive.cdx.json" ] || fail "there is no list of modules for $os on $arch"
		done
	done
	local there; there=$(mktemp -d)
	tar -xzf "$name.tar.gz" -C "$there"
	[ "$("$there/gdfctl" version | head -1)" = "gdfctl $VERSION" ] || fail "the program says another version than $VERSION"
	rm -r "$there"
	local listed=""
	if command -v dpkg-deb >/dev/null; then listed=$(dpkg-deb --contents "$name.deb"); fi
	holds "$name.deb" "$listed" "${want[@]}"
	listed=""
	if command -v rpm >/dev/null; then listed=$(rpm --query --list --package "$name.rpm"); fi
	holds "$name.rpm" "$listed" "${want[@]}"
}

# holds fails if the files in a package, as listed, lack one; a list that is empty was
# not to be had here.
holds() {
	local package=$1 listed=$2
	shift 2
	[ -n "$listed" ] || return 0
	for file; do
		grep --quiet --fixed-strings "/$file" <<<"$listed" || fail "$package lacks $file"
	done
}

case ${1-} in
dry-run)
	VERSION=$(scripts/version.sh)
	VERSION=${VERSION//+/-}
	tools
	build --skip=validate,publish,announce
	first=$(cat dist/checksums.txt)
	# Once more, with nothing compiled yet.
	GOCACHE=$(mktemp -d)
	export GOCACHE
	trap 'rm -rf "$GOCACHE"' EXIT
	build --skip=validate,publish,announce
	diff <(echo "$first") dist/checksums.txt || fail "two builds of this tree differ: the lines above say in what"
	look
	echo "release: dist/ has what a release of this tree would have; built twice, byte for byte equal."
	;;
prepare)
	VERSION=${2:?the version, such as 1.2.3}
	[ -n "$(changelog_date)" ] || fail "CHANGELOG.md has no heading '## [$VERSION] - YYYY-MM-DD': write it first"
	tools
	build --skip=validate,publish,announce
	archives >action/checksums.txt
	echo "release: action/checksums.txt is that of $VERSION. Commit it, tag the commit v$VERSION, and push the tag."
	;;
publish)
	tag=$(git describe --tags --exact-match --match 'v[0-9]*.[0-9]*.[0-9]*')
	VERSION=${tag#v}
	[ -n "$(changelog_date)" ] || fail "CHANGELOG.md has no heading for $VERSION"
	tools
	build --skip=publish,announce
	diff action/checksums.txt <(archives) || fail "action/checksums.txt is not that of $tag: run 'scripts/release.sh prepare $VERSION' with the Go release of this job, $(go env GOVERSION), and tag that commit"
	build
	;;
*)
	sed -n '2,/^set/s/^# \{0,1\}//p' "$0"
	exit 64
	;;
esac
