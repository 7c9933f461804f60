#!/bin/sh
# SPDX-License-Identifier: ISC
# set_sysctls.py - stands in for the scripts' own program of that name, which would change the settings of this machine. They are the tested
# stack's; the script that a test calls at its end, to restore them, only goes away.
for word; do
    sysctl "${word#/proc/sys/}"
done
restore=/tmp/sysctl_restore_$PACKETDRILL_PID.sh
echo "$restore" >>"$PACKETDRILL_SETTINGS/restore"
printf '#!/bin/sh\nrm -f "$0"\n' >"$restore" && chmod u+x "$restore"
