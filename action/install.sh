#!/usr/bin/env bash
# Downloads the gdfctl of this release and checks it. The checksums are in the
# tree that the action runs from: whoever pins the action's commit pins the program,
# wherever it is downloaded from.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)

fail() {
	echo "::error title=gdfctl was not installed::$1"
	exit 1
}

case ${RUNNER_OS:-$(uname -s)} in
Linux) os=linux ;;
macOS | Darwin) os=darwin ;;
Windows | MINGW* | MSYS*) os=windows ;;
*) fail "There is no gdfctl for this system. Use a runner with Linux, macOS or Windows." ;;
esac
case ${RUNNER_ARCH:-$(uname -m)} in
X64 | x86_64) arch=amd64 ;;
ARM64 | arm64 | aarch64) arch=arm64 ;;
*) fail "There is no gdfctl for this processor. Use a runner with an x64 or arm64 processor." ;;
esac

# One line of the checksums is this system's, and its name says the version.
line=$(grep -E "^[0-9a-f]{64}  gdfctl_[0-9A-Za-z.+-]+_${os}_${arch}\.(tar\.gz|zip)$" "${GDFCTL_CHECKSUMS:-$here/checksums.txt}") ||
	fail "This commit of the action is no release for $os on $arch. Use a tag, or the commit of a tag."
[ "$(wc -l <<<"$line")" -eq 1 ] || fail "The checksums of the action name two programs for $os on $arch."
checksum=${line%% *}
name=${line##* }
version=${name#gdfctl_}
version=${version%"_${os}_${arch}"*}

to="${RUNNER_TEMP:?is set by the runner}/gdfctl-$version"
mkdir -p "$to"
if ! [ -f "$to/$name" ]; then
	curl --fail --silent --show-error --location --proto '=https,http' --retry 3 --max-time 300 --max-filesize 268435456 \
		--output "$to/$name" "${GDFCTL_DOWNLOAD%/}/v$version/$name" ||
		fail "$name can't be downloaded. If this runner can't reach GitHub, set the input download to a copy of its releases."
fi
sum() { if command -v sha256sum >/dev/null; then sha256sum; else shasum -a 256; fi; }
is=$(sum <"$to/$name")
if [ "${is%% *}" != "$checksum" ]; then
	rm -f "$to/$name"
	fail "$name is not the file that was released: its SHA-256 is ${is%% *}, and $checksum is expected. Nothing of it was run."
fi
case $name in
*.zip) unzip -q -o "$to/$name" gdfctl.exe -d "$to" ;;
*) tar -xzf "$to/$name" -C "$to" gdfctl ;;
esac
echo "$to" >>"$GITHUB_PATH"
echo "version=$version" >>"$GITHUB_OUTPUT"
echo "gdfctl $version is installed."
