#!/usr/bin/env bash
# Runs the quick Table 1 through a real Slurm on this one machine and in a pool of processes, and compares the results
# byte by byte. By hand, as root, on a Debian machine that may be changed: it installs Slurm, munge and Snakemake, and
# writes /etc/slurm/slurm.conf. `test/cluster/oneMachine.sh [SWEEP FOLDER]`: without a folder, table-1. MADE=FOLDER names
# what the pool has made of the same sweep before (out/sweeps/table-1-quick), which is not made again then.
set -euo pipefail
cd "$(dirname "$0")/../.."
[ "$(id -u)" = 0 ] || { echo 'This changes the machine, and needs root.'; exit 2; }
work=$(mktemp -d) host=$(hostname -s) venv=${VENV:-$PWD/.cache/snakemake} source=${1:-table-1}
command -v slurmctld >/dev/null && command -v munged >/dev/null || {
  apt-get update -qq
  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends slurm-wlm munge
}
[ -x "$venv/bin/snakemake" ] || {
  python3 -m venv "$venv"
  "$venv/bin/pip" install -q 'snakemake==9.27.1' 'snakemake-executor-plugin-slurm==2.8.0'
}
mkdir -p /etc/slurm "$work"/{state,spool} /run/munge
chown munge: /run/munge
cat >/etc/slurm/slurm.conf <<CONF
ClusterName=one
SlurmctldHost=$host(127.0.0.1)
SlurmUser=root
SlurmdUser=root
AuthType=auth/munge
CryptoType=crypto/munge
MpiDefault=none
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
ReturnToService=2
SchedulerType=sched/backfill
SelectType=select/cons_tres
SelectTypeParameters=CR_Core
AccountingStorageType=accounting_storage/none
JobAcctGatherType=jobacct_gather/none
MinJobAge=300
SrunPortRange=60001-60100
StateSaveLocation=$work/state
SlurmdSpoolDir=$work/spool
SlurmctldPidFile=$work/slurmctld.pid
SlurmdPidFile=$work/slurmd.pid
SlurmctldLogFile=$work/slurmctld.log
SlurmdLogFile=$work/slurmd.log
NodeName=$host NodeAddr=127.0.0.1 CPUs=$(nproc) RealMemory=$(awk '/MemTotal/ { print int($2 / 1400) }' /proc/meminfo) State=UNKNOWN
PartitionName=main Nodes=$host Default=YES MaxTime=INFINITE State=UP
CONF
munged=
[ -S /run/munge/munge.socket.2 ] || { runuser -u munge -- munged && munged=started; }
slurmctld && slurmd -N "$host"
finish() {
  kill "$(cat "$work/slurmd.pid")" "$(cat "$work/slurmctld.pid")" || true
  [ -z "$munged" ] || runuser -u munge -- munged --stop || true
}
trap finish EXIT

# One sweep twice; checkpoints apart, else the second would find its trainings done.
run() {
  local to="$work/$1" from=$SECONDS
  if [ -d "$source" ]; then mkdir -p "$to" && cp -r "$source/specs" "$to/specs"; fi
  local name=$source && [ ! -d "$source" ] || name=$to
  SNAKEMAKE="$venv/bin/snakemake" npm run --silent sweep -- "$name" --on "$1" --out "$to" --checkpoints "$work/made-$1"
  echo "$1: $((SECONDS - from)) s"
}
if [ -n "${MADE:-}" ]; then made=$(realpath "$MADE"); else run local; made=$work/local; fi
run slurm
files=$(cd "$made/results" && ls | grep -E '^[0-9a-f]{24}\.(json|safetensors)$')
for file in $files; do cmp "$made/results/$file" "$work/slurm/results/$file"; done
echo "$(wc -w <<<"$files") files of results and weights are equal, byte for byte"
