using System.Net;
using System.Net.Sockets;

namespace FaceAnonStream.Tests.Kit.Peers;

/// <summary>Ports of the loopback interface that nobody uses.</summary>
public static class FreePort
{
    public static int Tcp() => Take(SocketType.Stream, ProtocolType.Tcp);

    public static int Udp() => Take(SocketType.Dgram, ProtocolType.Udp);

    private static int Take(SocketType type, ProtocolType protocol)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, type, protocol);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return ((IPEndPoint)socket.LocalEndPoint!).Port;
    }
}
