#!/bin/sh
# Before the package is removed: Debian says remove, and RPM how many are left. An
# upgrade leaves agents alone.
set -e
if [ "$1" = remove ] || [ "$1" = 0 ]; then
	if [ -d /run/systemd/system ]; then
		systemctl disable --now gdfctl-agent.service || true
		systemctl stop 'gdfctl-agent@*.service' || true
	fi
fi
