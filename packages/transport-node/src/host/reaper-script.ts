/**
 * What the reaper's shell runs. It reads `+ pid` and `- pid`; at the end of its input whoever wrote that has vanished, or
 * needs it no more. What is idle then ends by itself, since its channel has ended; the shell waits half a second for that
 * and kills the others. Half, because each level of busy processes takes one wait: the children of a busy one are told by
 * its death, and the promise is 2 s for all.
 *
 * A number may by then be that of a stranger. So the shell keeps the start of each process beside it (`pid:start`), and
 * kills only what still has that start. Where this cannot be read nothing is kept, and nothing is killed.
 *
 * POSIX alone: sh is dash, bash, BusyBox or zsh. While it reads it starts no other program on Linux, and `ps` on macOS.
 */
export const REAPER_FUNCTIONS = `
set -f
kept=

by_proc() {
  start=
  read -r stat < "/proc/$1/stat" || return
  # Behind the name, which may hold anything: the 20th word there is the 22nd of all.
  set -- \${stat##*") "}
  start=\${20}
}

by_ps() {
  set -- $(LC_ALL=C ps -o lstart= -p "$1")
  start=$(IFS=_; echo "$*")
}

if [ -r /proc/self/stat ]
then started() { by_proc "$1"; }
else started() { by_ps "$1"; }
fi

forget() {
  others=
  for each in $kept; do [ "\${each%%:*}" = "$1" ] || others="$others $each"; done
  kept=$others
}

keep() {
  forget "$1"
  started "$1"
  [ -z "$start" ] || kept="$kept $1:$start"
}

reap() {
  for each in $kept; do
    started "\${each%%:*}"
    [ "$start" != "\${each#*:}" ] || kill -9 "\${each%%:*}"
  done
}
`

/** Signals to a whole group or from a terminal are not for it: its input alone says when it ends. */
export const REAPER_SCRIPT: string = `${REAPER_FUNCTIONS}
trap '' INT TERM HUP

while read -r sign pid; do
  case $sign in
    +) keep "$pid" ;;
    -) forget "$pid" ;;
  esac
done

[ -n "$kept" ] || exit 0
sleep 0.5 || sleep 1
reap
`
