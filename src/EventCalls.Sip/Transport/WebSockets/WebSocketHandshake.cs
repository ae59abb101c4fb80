using System.Security.Cryptography;
using System.Text;

namespace EventCalls.Sip.Transport.WebSockets;

/// <summary>The HTTP exchange that a WebSocket connection begins with, for the subprotocol <c>sip</c> (RFC 6455 §4, RFC 7118 §4).</summary>
internal static class WebSocketHandshake
{
    private const int MostBytes = 8 * 1024;
    private const string Subprotocol = "sip";
    private const string Magic = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

    /// <summary>Answers a client; what came behind its request is returned.</summary>
    /// <param name="stream">The connection.</param>
    /// <param name="origins">Whose pages may connect, as browsers name them; empty: all, and what is no browser names none.</param>
    /// <exception cref="WebSocketRefusedException">It is no such request; the client was told so.</exception>
    public static byte[] Accept(Stream stream, IReadOnlyList<string> origins)
    {
        var (head, rest) = HttpHead.Read(stream, MostBytes);
        string key = head["Sec-WebSocket-Key"] ?? "";
        if (!head.FirstLine.StartsWith("GET ", StringComparison.Ordinal) || !head.FirstLine.EndsWith(" HTTP/1.1", StringComparison.Ordinal))
            Refuse("400 Bad Request", "it asks for something else than a WebSocket");
        if (!head.Lists("Upgrade", "websocket") || !head.Lists("Connection", "upgrade"))
            Refuse("426 Upgrade Required", "it asks for no WebSocket", "Upgrade: websocket\r\nConnection: Upgrade\r\n");
        if (head["Sec-WebSocket-Version"] != "13")
            Refuse("426 Upgrade Required", "it speaks another version of WebSocket", "Sec-WebSocket-Version: 13\r\n");
        if (key.Length != 24 || !Convert.TryFromBase64String(key, stackalloc byte[16], out int length) || length != 16)
            Refuse("400 Bad Request", "its Sec-WebSocket-Key is none");
        if (!head.Lists("Sec-WebSocket-Protocol", Subprotocol))
            Refuse("400 Bad Request", "it does not ask for the subprotocol sip");
        if (origins.Count > 0 && head["Origin"] is { } origin && !origins.Contains(origin, StringComparer.OrdinalIgnoreCase))
            Refuse("403 Forbidden", "its page comes from elsewhere than Sip:WebSocketOrigins allows");
        Send(stream, $"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: {AcceptOf(key)}\r\nSec-WebSocket-Protocol: {Subprotocol}\r\n\r\n");
        return rest;

        void Refuse(string status, string why, string fields = "")
        {
            Send(stream, $"HTTP/1.1 {status}\r\n{fields}Content-Length: 0\r\nConnection: close\r\n\r\n");
            throw new WebSocketRefusedException(why);
        }
    }

    /// <summary>Asks a server; what came behind its answer is returned.</summary>
    /// <exception cref="WebSocketRefusedException">It does not take the connection.</exception>
    public static byte[] Connect(Stream stream, string host)
    {
        string key = Convert.ToBase64String(RandomNumberGenerator.GetBytes(16));
        Send(stream, $"GET / HTTP/1.1\r\nHost: {host}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: {key}\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Protocol: {Subprotocol}\r\n\r\n");
        var (head, rest) = HttpHead.Read(stream, MostBytes);
        if (!head.FirstLine.StartsWith("HTTP/1.1 101", StringComparison.Ordinal))
            throw new WebSocketRefusedException($"it answered '{head.FirstLine}'");
        if (!head.Lists("Upgrade", "websocket") || !head.Lists("Connection", "upgrade") || head["Sec-WebSocket-Accept"] != AcceptOf(key) || head["Sec-WebSocket-Protocol"] != Subprotocol)
            throw new WebSocketRefusedException("its answer is not that of a WebSocket with the subprotocol sip");
        return rest;
    }

    private static void Send(Stream stream, string text) => stream.Write(Encoding.ASCII.GetBytes(text));

    private static string AcceptOf(string key) => Convert.ToBase64String(SHA1.HashData(Encoding.ASCII.GetBytes(key + Magic)));
}

/// <summary>A WebSocket connection was not made.</summary>
internal sealed class WebSocketRefusedException(string message) : IOException(message);
