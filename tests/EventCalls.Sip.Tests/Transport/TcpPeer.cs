using System.Net;
using System.Net.Sockets;
using System.Text;
using EventCalls.Sip.Parsing;

namespace EventCalls.Sip.Tests.Transport;

/// <summary>A peer on one connection that a test speaks for, message by message.</summary>
internal sealed class TcpPeer(Socket socket) : IDisposable
{
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly StreamFramer _framer = new();
    private readonly byte[] _buffer = new byte[16_384];

    public IPEndPoint Local => (IPEndPoint)socket.LocalEndPoint!;

    public static async Task<TcpPeer> ConnectAsync(IPEndPoint to)
    {
        var socket = new Socket(to.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(to);
        return new TcpPeer(socket);
    }

    public static async Task<TcpPeer> AcceptAsync(TcpListener listener) => new(await listener.AcceptSocketAsync().WaitAsync(Patience));

    public Task SendRawAsync(string text) => socket.SendAsync(Encoding.UTF8.GetBytes(text)).WaitAsync(Patience);

    public Task SendAsync(string text)
    {
        text = text.ReplaceLineEndings("\r\n").Trim() + "\r\n";
        int blank = text.IndexOf("\r\n\r\n", StringComparison.Ordinal);
        return SendRawAsync(blank < 0 ? text + "Content-Length: 0\r\n\r\n" : text.Insert(blank, $"\r\nContent-Length: {text.Length - blank - 4}"));
    }

    /// <summary>The next message; null when the other side closed the connection.</summary>
    public async Task<string?> ReceiveAsync()
    {
        while (true)
        {
            if (_framer.TryRead(out var message))
                return Encoding.UTF8.GetString(message.Span);
            int read;
            try
            {
                read = await socket.ReceiveAsync(_buffer).WaitAsync(Patience);
            }
            catch (SocketException)
            {
                return null;
            }
            if (read == 0)
                return null;
            _framer.Append(_buffer.AsSpan(0, read));
        }
    }

    /// <summary>The next message that is not a repetition or a provisional response: the first that begins so.</summary>
    public async Task<string> ReceiveAsync(string start)
    {
        while (true)
        {
            var message = await ReceiveAsync() ?? throw new IOException($"The connection was closed before {start} came.");
            if (message.StartsWith(start, StringComparison.Ordinal))
                return message;
        }
    }

    public static string Header(string message, string name) =>
        message.Split("\r\n").First(l => l.StartsWith(name + ":", StringComparison.OrdinalIgnoreCase))[(name.Length + 1)..].Trim();

    public void Dispose() => socket.Dispose();
}
