#!/bin/bash
# Second part of the guest's start, on the host's file system: the services of a profile, then the test runner.
# Arguments: profile, node, runner, test files.
profile=$1
shift
export E3272_PROFILE=$profile

export PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
# The host's home, rules and settings are not the guest's.
export HOME=/run/home TMPDIR=/var/tmp LANG=C.UTF-8
mkdir -p "$HOME"
rm -f /etc/udev/rules.d/*e3272* /etc/udev/rules.d/40-usb_modeswitch.rules
# A test that wants the system to switch the stick by itself takes this away again. Around an add-on the system does.
mkdir -p /etc/udev/rules.d
[[ $profile == addon ]] || ln -s /dev/null /etc/udev/rules.d/40-usb_modeswitch.rules

if [[ $profile == desktop || $profile == addon ]]; then
  mkdir -p /run/udev
  /lib/systemd/systemd-udevd --daemon
  udevadm trigger
  udevadm settle
fi
if [[ $profile == desktop ]]; then
  mkdir -p /run/dbus
  dbus-daemon --system --fork
fi
exec "$@"
