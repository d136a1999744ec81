#!/bin/sh
# Publishes the demo camera; ends when the media server does, and is started again then.
set -eu
to="-c:v libx264 -preset veryfast -tune zerolatency -pix_fmt yuv420p -g 50 -an -f rtsp -rtsp_transport tcp rtsp://media:8554/camera"
if [ -f /camera/camera.mp4 ]; then
  # shellcheck disable=SC2086
  exec ffmpeg -nostdin -loglevel warning -re -stream_loop -1 -i /camera/camera.mp4 $to
fi
# shellcheck disable=SC2086
exec ffmpeg -nostdin -loglevel warning -re -f lavfi -i testsrc2=size=1280x720:rate=25 $to
