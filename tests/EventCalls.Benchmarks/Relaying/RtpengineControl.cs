using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace EventCalls.Benchmarks.Relaying;

/// <summary>Asks rtpengine for the ports of a call, by its NG protocol: a cookie and a bencoded dictionary in a datagram.</summary>
internal sealed class RtpengineControl(int port) : IDisposable
{
    private readonly UdpClient _socket = new(new IPEndPoint(IPAddress.Loopback, 0));
    private int _cookies;

    /// <summary>Offers or answers a description for a call; the one to pass on.</summary>
    /// <param name="command">What is asked.</param>
    /// <param name="callId">Of which call.</param>
    /// <param name="description">What is offered or answered.</param>
    /// <param name="hasOpus">Whether Opus is offered beside what is in it, and transcoded.</param>
    public async Task<string> AskAsync(string command, string callId, byte[] description, bool hasOpus = false)
    {
        var fields = new SortedDictionary<string, string>(StringComparer.Ordinal)
        {
            ["command"] = command,
            ["call-id"] = callId,
            ["from-tag"] = "a",
            ["sdp"] = Encoding.ASCII.GetString(description),
        };
        if (command == "answer")
            fields["to-tag"] = "b";
        string answer = await AskAsync($"d{string.Concat(fields.Select(f => Text(f.Key) + Text(f.Value)))}{(hasOpus ? "5:codecd9:transcodel4:opusee" : "")}e");
        int start = answer.IndexOf("3:sdp", StringComparison.Ordinal);
        if (start < 0)
            throw new InvalidOperationException($"rtpengine answered {answer}");
        int colon = answer.IndexOf(':', start + 5);
        return answer.Substring(colon + 1, int.Parse(answer.AsSpan(start + 5, colon - start - 5), CultureInfo.InvariantCulture));
    }

    /// <summary>Waits until it answers.</summary>
    public async Task PingAsync()
    {
        for (int tries = 0; ; tries++)
        {
            try
            {
                await AskAsync("d7:command4:pinge");
                return;
            }
            catch (Exception e) when (e is OperationCanceledException or SocketException && tries < 50)
            {
                await Task.Delay(100);
            }
        }
    }

    public void Dispose() => _socket.Dispose();

    private async Task<string> AskAsync(string dictionary)
    {
        byte[] question = Encoding.ASCII.GetBytes($"{++_cookies} {dictionary}");
        await _socket.SendAsync(question, new IPEndPoint(IPAddress.Loopback, port));
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(2));
        return Encoding.ASCII.GetString((await _socket.ReceiveAsync(limit.Token)).Buffer);
    }

    private static string Text(string text) => $"{text.Length}:{text}";
}
