#!/usr/bin/env bash
# Makes the README's sheet of faces: before, at level natural, at level strong. Frontal, tilted, turned away (profile), with
# glasses and beard, with glasses, small and dark, small.
#
#   benchmarks/sheet.sh [FOLDER OF THE CLIPS]
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
clips=${1:-$root/../shared/video}
# clip, frame, crop as WIDTH:HEIGHT:X:Y
faces=(
  "head-pose-face-detection-male 30 130:130:188:15"
  "head-pose-face-detection-female-and-male 35 120:120:255:40"
  "street-walk 30 60:60:339:88"
  "face-demographics-walking-and-pause 30 110:110:170:42"
  "face-demographics-walking-and-pause 30 110:110:320:70"
  "face-demographics-walking 30 64:64:163:100"
  "classroom 30 56:56:96:116"
)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
# A fixed key: the same people again.
printf 'faceanon benchmarks/sheet.sh' >"$work/key"
for clip in $(printf '%s\n' "${faces[@]}" | cut -d' ' -f1 | sort -u); do
  [ -f "$clips/$clip.mp4" ] || { echo "no clip $clips/$clip.mp4: name the folder" >&2; exit 1; }
  ln -s "$(realpath "$clips/$clip.mp4")" "$work/$clip.original.mp4"
  for level in natural strong; do
    "$root/faceanon" run "$clips/$clip.mp4" "$work/$clip.$level.mp4" --privacy "$level" --key "$work/key" --crf 10 --quiet
  done
done
rows=()
for level in original natural strong; do
  tiles=()
  for i in "${!faces[@]}"; do
    read -r clip frame crop <<<"${faces[$i]}"
    ffmpeg -nostdin -v error -y -i "$work/$clip.$level.mp4" -map 0:v:0 \
      -vf "select=eq(n\,$frame),crop=$crop,scale=200:200:flags=bicubic,setsar=1" -frames:v 1 "$work/$level.$i.png"
    tiles+=(-i "$work/$level.$i.png")
  done
  ffmpeg -nostdin -v error -y "${tiles[@]}" -filter_complex "hstack=inputs=${#faces[@]}" "$work/$level.png"
  rows+=(-i "$work/$level.png")
done
ffmpeg -nostdin -v error -y "${rows[@]}" -filter_complex vstack=inputs=3 -q:v 4 "$root/src/faces.jpg"
