#!/usr/bin/env bash
# Installs or builds what the checks need beyond Go and make: a C compiler, for
# the race detector alone, the servers that tests keep a state in, and a browser.
set -euo pipefail
cd "$(dirname "$0")/.."

if ! command -v go >/dev/null; then
	echo "Go is missing: install it from https://go.dev/dl/, in the version that go.mod names or later." >&2
	exit 1
fi

# may_install says whether packages of the system can be installed here, and install
# does it.
may_install() { [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; }
install() {
	apt-get update -qq
	DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@" >/dev/null
}

compiler=$(go env CC)
if ! command -v "${compiler%% *}" >/dev/null; then
	if ! may_install; then
		echo "The race detector needs a C compiler, and there is no $compiler: install one (Debian, Ubuntu: sudo apt-get install gcc libc6-dev), or run 'make test', which needs none." >&2
		exit 1
	fi
	echo "The race detector needs a C compiler: installing gcc."
	install gcc libc6-dev
fi

# PostgreSQL, of which tests start servers of their own, and PgBouncer, a pooler.
# Debian has their programs out of the way.
has() { command -v "$1" >/dev/null || compgen -G "$2" >/dev/null; }
if ! has initdb '/usr/lib/postgresql/*/bin/initdb' || ! has pgbouncer /usr/sbin/pgbouncer; then
	echo "The tests of shared states need PostgreSQL and PgBouncer: installing them."
	if may_install; then
		install postgresql pgbouncer
	elif command -v brew >/dev/null; then
		brew install --quiet postgresql pgbouncer
	else
		echo "That can't be done here: install them (Debian, Ubuntu: sudo apt-get install postgresql pgbouncer), or run 'make test', which leaves those tests out." >&2
		exit 1
	fi
fi

# Chromium, in which a test measures a report as a phone shows it.
if ! command -v chromium >/dev/null && ! command -v chromium-browser >/dev/null && ! command -v google-chrome >/dev/null; then
	echo "The test of reports on a phone needs Chromium: installing it."
	if may_install; then
		install chromium
	else
		echo "That can't be done here: install it (Debian: sudo apt-get install chromium), or run 'make test', which leaves that test out." >&2
		exit 1
	fi
fi

# A gateway that speaks S3 over a folder. It has modules of its own, a hundred of them.
if [ ! bin/versitygw -nt tools/versitygw/go.sum ]; then
	echo "building bin/versitygw, for the tests on S3 (a minute the first time)"
	go build -C tools/versitygw -o ../../bin/ github.com/versity/versitygw/cmd/versitygw
	touch bin/versitygw
fi

# What checks the workflows that users copy.
if [ ! bin/actionlint -nt tools/workflows/go.sum ] || [ ! bin/yamlschema -nt tools/workflows/main.go ]; then
	echo "building bin/actionlint and bin/yamlschema, for the tests of workflows"
	go build -C tools/workflows -o ../../bin/actionlint github.com/rhysd/actionlint/cmd/actionlint
	go build -C tools/workflows -o ../../bin/yamlschema .
	touch bin/actionlint bin/yamlschema
fi

# What checks the alert rules, and the other files of deploy/.
if [ ! bin/promtool -nt tools/deploy/go.sum ] || [ ! bin/deployfiles -nt tools/deploy/expressions.go ] || [ ! bin/deployfiles -nt tools/deploy/main.go ]; then
	echo "building bin/promtool and bin/deployfiles, for the tests of deploy/ (two minutes the first time)"
	CGO_ENABLED=0 go build -C tools/deploy -tags remove_all_sd -o ../../bin/promtool github.com/prometheus/prometheus/cmd/promtool
	CGO_ENABLED=0 go build -C tools/deploy -tags remove_all_sd -o ../../bin/deployfiles .
	touch bin/promtool bin/deployfiles
fi
if ! command -v shellcheck >/dev/null && may_install; then
	echo "The tests of workflows use shellcheck where it is: installing it."
	install shellcheck
fi
