"""An RTSP server for tests, on loopback: /cam plays a file or a test picture, /rec takes what is pushed to it."""
import argparse
import sys

import gi

gi.require_version("Gst", "1.0")
gi.require_version("GstRtspServer", "1.0")
from gi.repository import GLib, Gst, GstRtspServer  # noqa: E402


class Recorder(GstRtspServer.RTSPMediaFactory):
    """Writes each push to a file of its own: PREFIX0.ts, PREFIX1.ts, ..."""

    def __init__(self, prefix):
        super().__init__()
        self.prefix = prefix
        self.count = 0
        self.set_transport_mode(GstRtspServer.RTSPTransportMode.RECORD)

    def do_create_element(self, url):
        location = f"{self.prefix}{self.count}.ts"
        self.count += 1
        return Gst.parse_launch(
            f"( rtph264depay name=depay0 ! h264parse ! mpegtsmux ! filesink buffer-mode=unbuffered location={location} )")


def camera(options):
    if options.file:
        return f'( filesrc location="{options.file}" ! qtdemux ! h264parse config-interval=-1 ! rtph264pay name=pay0 pt=96 )'
    return (
        f"( videotestsrc is-live=true pattern=ball ! video/x-raw,width={options.width},height={options.height},framerate={options.rate}/1 "
        "! x264enc tune=zerolatency speed-preset=ultrafast key-int-max=25 ! h264parse config-interval=-1 ! rtph264pay name=pay0 pt=96 )")


def protect(server, factory, user, password):
    token = GstRtspServer.RTSPToken()
    token.set_string("media.factory.role", "guest")
    permissions = GstRtspServer.RTSPPermissions()
    for permission in ("media.factory.access", "media.factory.construct"):
        permissions.add_permission_for_role("guest", permission, True)
    factory.set_permissions(permissions)
    authentication = GstRtspServer.RTSPAuth()
    authentication.add_basic(GstRtspServer.RTSPAuth.make_basic(user, password), token)
    server.set_auth(authentication)


parser = argparse.ArgumentParser()
parser.add_argument("--port", required=True)
parser.add_argument("--file")
parser.add_argument("--width", type=int, default=320)
parser.add_argument("--height", type=int, default=240)
parser.add_argument("--rate", type=int, default=25)
parser.add_argument("--record")
parser.add_argument("--user")
parser.add_argument("--password")
options = parser.parse_args()

Gst.init(None)
server = GstRtspServer.RTSPServer()
server.set_address("127.0.0.1")
server.set_service(options.port)
mounts = server.get_mount_points()
if options.record:
    mounts.add_factory("/rec", Recorder(options.record))
cam = GstRtspServer.RTSPMediaFactory()
cam.set_launch(camera(options))
cam.set_shared(True)
mounts.add_factory("/cam", cam)
if options.user:
    protect(server, cam, options.user, options.password)
if server.attach(None) == 0:
    sys.exit(f"port {options.port} cannot be had")
print("ready", flush=True)
GLib.MainLoop().run()
