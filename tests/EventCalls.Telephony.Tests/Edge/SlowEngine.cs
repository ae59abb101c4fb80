using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using EventCalls.Media.Rtpengine;
using EventCalls.Telephony.Configuration;
using Microsoft.Extensions.Logging.Abstractions;

namespace EventCalls.Telephony.Tests;

/// <summary>Listens where an rtpengine would, writes its own address into descriptions, and answers when a test lets it.</summary>
internal sealed class SlowEngine : IAsyncDisposable
{
    /// <summary>The address that it writes.</summary>
    public const string Shown = "192.0.2.99";

    private readonly UdpClient _socket = new(new IPEndPoint(IPAddress.Loopback, 0));
    private readonly SemaphoreSlim _turns = new(0);
    private readonly Lock _gate = new();
    private readonly List<string> _asked = [];
    private readonly List<int> _ports = [];
    private readonly Dictionary<string, string> _told = [];

    public SlowEngine()
    {
        _ = AnswerAsync();
        Client = new Rtpengines([Address], TimeProvider.System, NullLogger.Instance);
    }

    /// <summary>What asks it.</summary>
    public Rtpengines Client { get; }

    /// <summary>Where it listens.</summary>
    public IPEndPoint Address => (IPEndPoint)_socket.Client.LocalEndPoint!;

    /// <summary>Whether it answers at once; else each answer waits for <see cref="Answer"/>.</summary>
    public bool IsQuick { get; set; }

    /// <summary>What it refuses, by the command's name; null for nothing.</summary>
    public string? Refuses { get; set; }

    /// <summary>Whether it names other ports to who is connected with this node than to who is connected with the other side.</summary>
    public bool Moves { get; set; }

    /// <summary>What it offers when it is asked for a copy.</summary>
    public string Copy { get; set; } = "v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\nm=audio 9 RTP/AVP 0 101\r\na=rtpmap:101 telephone-event/8000\r\na=sendonly\r\n";

    /// <summary>The ports that copies are sent to, in the order in which they were taken.</summary>
    public int[] CopyPorts
    {
        get
        {
            lock (_gate)
                return [.. _ports];
        }
    }

    /// <summary>What it was asked, as <c>offer 1</c> and whose it is, each once.</summary>
    public string[] Asked
    {
        get
        {
            lock (_gate)
                return [.. _asked];
        }
    }

    /// <summary>Lets it answer one more question.</summary>
    public void Answer() => _turns.Release();

    /// <summary>Has all media go through it.</summary>
    public MediaOptions Carrying(MediaOptions options) => options with { Mode = MediaMode.Rtpengine, Rtpengine = [$"udp://{Address}"] };

    public async ValueTask DisposeAsync()
    {
        await Client.DisposeAsync();
        _socket.Dispose();
        _turns.Dispose();
    }

    private async Task AnswerAsync()
    {
        string last = "";
        byte[] said = [];
        try
        {
            while (true)
            {
                var datagram = await _socket.ReceiveAsync();
                string text = Encoding.ASCII.GetString(datagram.Buffer);
                string cookie = text[..text.IndexOf(' ', StringComparison.Ordinal)];
                // What is said again gets the answer of before.
                if (cookie != last)
                {
                    last = cookie;
                    string command = FieldOf(text, "command")!;
                    if (command != "ping")
                    {
                        lock (_gate)
                            _asked.Add($"{command} {FieldOf(text, command == "answer" ? "to-tag" : "from-tag")}");
                    }
                    if (!IsQuick)
                        await _turns.WaitAsync();
                    if (command == "subscribe answer")
                    {
                        string port = System.Text.RegularExpressions.Regex.Match(FieldOf(text, "sdp")!, @"m=audio (\d+)").Groups[1].Value;
                        lock (_gate)
                            _ports.Add(int.Parse(port, CultureInfo.InvariantCulture));
                    }
                    string sdp = command == "subscribe request" ? Copy : FieldOf(text, "sdp") is { } description ? Written(text, command, description) : "";
                    said = Encoding.ASCII.GetBytes(command == Refuses ? $"{cookie} d12:error-reason6:no way6:result5:errore" : $"{cookie} d6:result2:ok3:sdp{sdp.Length}:{sdp}e");
                }
                await _socket.SendAsync(said, datagram.RemoteEndPoint);
            }
        }
        catch (Exception e) when (e is ObjectDisposedException or SocketException)
        {
            // The test is over.
        }
    }

    /// <summary>A description as it is told; who is connected with this node is told of the ports that it knows.</summary>
    private string Written(string text, string command, string description)
    {
        string from = FieldOf(text, "from-tag")!;
        if (command == "answer" && FieldOf(text, "to-tag")!.EndsWith("-here", StringComparison.Ordinal) && !Moves)
            return _told[from];
        string written = System.Text.RegularExpressions.Regex.Replace(description, @"c=IN IP4 \S+", $"c=IN IP4 {Shown}");
        if (command is "offer" or "answer")
            _told[command == "offer" ? FieldOf(text, "to-tag")! : from] = written;
        return written;
    }

    private static string? FieldOf(string text, string name)
    {
        int at = text.IndexOf($"{name.Length}:{name}", StringComparison.Ordinal);
        if (at < 0)
            return null;
        at += $"{name.Length}:{name}".Length;
        int colon = text.IndexOf(':', at);
        return text.Substring(colon + 1, int.Parse(text.AsSpan(at, colon - at), CultureInfo.InvariantCulture));
    }
}
