using System.Net;
using System.Net.Sockets;
using System.Text;
using EventCalls.Media.Rtp;

namespace EventCalls.Media.Tests;

/// <summary>A party with a pair of ports of its own.</summary>
internal sealed class Peer : IDisposable
{
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(10);
    private readonly IPAddress _address;

    public Peer(IPAddress? address = null)
    {
        _address = address ?? IPAddress.Loopback;
        (Rtp, Control) = (Bind(), Bind());
    }

    public Socket Rtp { get; }

    public Socket Control { get; private set; }

    public int Port => ((IPEndPoint)Rtp.LocalEndPoint!).Port;

    public static byte[] Description(int port, string address = "IP4 127.0.0.1", int? control = null) => Encoding.ASCII.GetBytes(
        $"v=0\r\no=- 1 1 IN {address}\r\ns=-\r\nc=IN {address}\r\nt=0 0\r\nm=audio {port} RTP/AVP 8\r\n{(control is null ? "" : $"a=rtcp:{control}\r\n")}");

    public byte[] Describe() => Description(Port, _address.AddressFamily == AddressFamily.InterNetwork ? "IP4 127.0.0.1" : "IP6 ::1", ((IPEndPoint)Control.LocalEndPoint!).Port);

    public static byte[] Packet(ushort number)
    {
        var packet = new byte[172];
        RtpPacket.WriteHeader(packet, 8, number == 0, number, 160u * number, 0x1234);
        packet[20] = (byte)number;
        return packet;
    }

    public async Task SendAsync(int port, ushort number) => await Rtp.SendToAsync(Packet(number), new IPEndPoint(_address, port));

    public Task<byte[]> ReceiveAsync() => ReceiveAsync(Rtp);

    public static async Task<byte[]> ReceiveAsync(Socket socket)
    {
        using var limit = new CancellationTokenSource(s_limit);
        var buffer = new byte[2048];
        int length = await socket.ReceiveAsync(buffer, limit.Token);
        return buffer[..length];
    }

    public void Dispose()
    {
        Rtp.Dispose();
        Control.Dispose();
    }

    private Socket Bind()
    {
        var socket = new Socket(_address.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
        socket.Bind(new IPEndPoint(_address, 0));
        return socket;
    }
}
