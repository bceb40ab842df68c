#!/bin/sh
# user-manager.sh <name>: a systemd of a user, without a system's. It wants to be told that systemd has booted this
# machine (a folder of /run, in a mount namespace of its own), and takes the control group that it is started in for
# its whole world: it gets one of its own, else it would move every process of the machine.
set -eu
for hierarchy in /sys/fs/cgroup /sys/fs/cgroup/*/; do
  [ -e "$hierarchy/cgroup.procs" ] || continue
  own=$hierarchy/$1
  mkdir "$own" 2>/dev/null || continue
  if [ -e "$own/cpuset.cpus" ] && [ -e "$hierarchy/cpuset.cpus" ]; then
    cat "$hierarchy/cpuset.cpus" >"$own/cpuset.cpus"
    cat "$hierarchy/cpuset.mems" >"$own/cpuset.mems"
  fi 2>/dev/null
  echo $$ >"$own/cgroup.procs"
done
exec unshare --mount sh -c '
  mkdir -p /run/systemd
  mount -t tmpfs none /run/systemd
  mkdir -p /run/systemd/system
  exec /lib/systemd/systemd --user'
