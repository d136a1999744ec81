#!/usr/bin/env bash
# Makes the README's picture: one frame before, with synthetic faces at both levels of privacy, and under a mosaic.
#
#   benchmarks/before-after.sh [CLIP [FRAME]]
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
clip=${1:-$root/../shared/video/street-walk.mp4}
frame=${2:-36}
[ -f "$clip" ] || { echo "no clip $clip: name one" >&2; exit 1; }
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
inputs=(-i "$clip")
# A fixed key: the same people again.
printf 'faceanon benchmarks/before-after.sh' >"$work/key"
covered() {
  "$root/faceanon" run "$clip" "$work/$1.mp4" --crf 12 --quiet --key "$work/key" "${@:2}"
  inputs+=(-i "$work/$1.mp4")
}
covered strong --privacy strong
covered natural --privacy natural
covered mosaic --method mosaic
pick="select=eq(n\\,$frame),crop=iw:ih*0.62:0:0,scale=720:-2,setsar=1"
ffmpeg -v error -y "${inputs[@]}" -filter_complex \
  "[0:v:0]$pick[a];[1:v]$pick[b];[2:v]$pick[c];[3:v]$pick[d];[a][b]hstack[t];[c][d]hstack[u];[t][u]vstack" \
  -frames:v 1 -q:v 4 "$root/src/before-after.jpg"
