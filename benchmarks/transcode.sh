#!/usr/bin/env bash
# Frame rate of `./faceanon run` against a plain ffmpeg transcode with the same encoder settings, in alternating pairs,
# and the peak memory of our process, also over a clip ten times as long.
#
#   benchmarks/transcode.sh [--pairs N] [--seconds S] [--clip FILE] [--memory] [-- OPTIONS OF faceanon run]
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
clip="$root/../shared/video/street-walk.mp4"
pairs=5 seconds=20 memory=false
while [ $# -gt 0 ]; do
  case $1 in
    --pairs) pairs=$2; shift ;;
    --seconds) seconds=$2; shift ;;
    --clip) clip=$2; shift ;;
    --memory) memory=true ;;
    --) shift; break ;;
    *) sed -n '2,5s/^# \{0,1\}//p' "$0" >&2; exit 2 ;;
  esac
  shift
done
[ -f "$clip" ] || { echo "no clip $clip: name one with --clip" >&2; exit 1; }

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
encoder=(-c:v libx264 -preset veryfast -crf 20)
# make FILE SECONDS: the clip looped to that length at 1080p, coded well enough not to matter.
make() {
  ffmpeg -v error -y -stream_loop -1 -i "$clip" -t "$2" -map 0:v:0 -vf scale=1920:1080:flags=bicubic \
    -c:v libx264 -preset veryfast -crf 18 "$1"
}
count() { ffprobe -v error -select_streams v:0 -show_entries stream=nb_frames -of csv=p=0 "$1"; }
now() { date +%s.%N; }
median() { sort -g | awk '{v[NR]=$1} END {print (NR % 2) ? v[(NR+1)/2] : (v[NR/2]+v[NR/2+1])/2}'; }

plain() { ffmpeg -nostdin -v error -y -i "$1" -an "${encoder[@]}" -movflags +faststart "$work/plain.mp4"; }
# ours FILE OPTIONS...: leaves the peak memory of our process, in MB, in $work/peak.
ours() {
  local input=$1 pid watcher
  shift
  "$root/faceanon" run "$input" "$work/ours.mp4" --overwrite --quiet "$@" &
  pid=$!
  while sed -n 's/^VmHWM:\s*\([0-9]*\) kB/\1/p' "/proc/$pid/status" >"$work/sample" 2>/dev/null; do
    [ -s "$work/sample" ] && awk '{print int($1 / 1024)}' "$work/sample" >"$work/peak"
    sleep 0.5
  done &
  watcher=$!
  wait "$pid"
  kill "$watcher" 2>/dev/null || true
}

make "$work/in.mp4" "$seconds"
frames=$(count "$work/in.mp4")
"$root/faceanon" --version >/dev/null
echo "$(nproc) cores, $(ffmpeg -version | head -n 1 | cut -d' ' -f1-3), $frames frames of 1920x1080, ${encoder[*]}, faceanon options: ${*:-none}"
printf '%-6s %12s %12s %8s %12s\n' pair 'ffmpeg fps' 'faceanon fps' ratio 'our peak MB'
for ((i = 1; i <= pairs; i++)); do
  a=$(now); plain "$work/in.mp4"
  b=$(now); ours "$work/in.mp4" "$@"
  c=$(now)
  awk -v a="$a" -v b="$b" -v c="$c" -v n="$frames" -v i="$i" -v peak="$(cat "$work/peak")" \
    'BEGIN {printf "%-6d %12.1f %12.1f %8.3f %12d\n", i, n/(b-a), n/(c-b), (b-a)/(c-b), peak}' | tee -a "$work/rows"
done
printf '%-6s %12.1f %12.1f %8.3f %12.0f\n' median "$(awk '{print $2}' "$work/rows" | median)" \
  "$(awk '{print $3}' "$work/rows" | median)" "$(awk '{print $4}' "$work/rows" | median)" "$(awk '{print $5}' "$work/rows" | median)"
if $memory; then
  make "$work/long.mp4" $((seconds * 10))
  ours "$work/long.mp4" "$@"
  echo "a clip of $((seconds * 10)) s: our peak $(cat "$work/peak") MB"
fi
