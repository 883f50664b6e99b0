#!/bin/sh
# After the package was installed or upgraded. Agents that run go on with the program
# that they were started with: docs/scale.md says when to restart which.
set -e
if command -v systemd-sysusers >/dev/null; then
	systemd-sysusers gdfctl.conf
fi
if [ -d /run/systemd/system ]; then
	systemctl daemon-reload
fi
