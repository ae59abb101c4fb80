using System.Net;
using System.Text;
using EventCalls.Media.Audio;
using EventCalls.Media.Sessions;
using Microsoft.Extensions.Logging.Abstractions;

namespace EventCalls.Benchmarks.Relaying;

/// <summary>
/// <c>relay-child</c>: a process that is nothing but our relay; it reads a call a line, the ports of its two parties and the key of the second, a dash, or that it speaks Opus, and says which ports of its own stand for them, and which key of its own or a dash.
/// </summary>
internal static class RelayChild
{
    public const string Command = "relay-child";

    public static async Task<int> RunAsync(string[] args)
    {
        if (!MediaPorts.TryParse(args[0], out var ports))
            return 2;
        if (!OpusLibrary.TryUse(args.Length > 1 ? args[1] : null, out string? whyNot))
            throw new InvalidOperationException(whyNot);
        using var relay = new MediaRelay(0, ports, 0, TimeProvider.System, NullLogger.Instance);
        while (await System.Console.In.ReadLineAsync() is { Length: > 0 } line)
        {
            var parties = line.Split(' ');
            var caller = relay.Open(IPAddress.Loopback, IPAddress.Loopback);
            var target = relay.Open(IPAddress.Loopback, IPAddress.Loopback);
            var (toCaller, toTarget) = parties[2] == Opus ? Transcoded(caller, target, parties) : Passed(caller, target, parties);
            MediaLeg.Connect(caller, target);
            await System.Console.Out.WriteLineAsync($"{Port(toCaller)} {Port(toTarget)} {Key(toTarget)}");
        }
        return 0;
    }

    public const string NoKey = "-";

    /// <summary>What stands for a key where the second party speaks Opus, in the clear.</summary>
    public const string Opus = "opus";

    private static (string ToCaller, string ToTarget) Passed(MediaLeg caller, MediaLeg target, string[] parties)
    {
        caller.Heard(Description(parties[0]));
        target.Heard(Description(parties[1], parties[2]));
        string toCaller = Encoding.ASCII.GetString(caller.Told(Description(parties[1], parties[2])));
        return (toCaller, Encoding.ASCII.GetString(target.Told(Description(parties[0]))));
    }

    private static (string ToCaller, string ToTarget) Transcoded(MediaLeg caller, MediaLeg target, string[] parties)
    {
        caller.Transcodes = target.Transcodes = true;
        caller.Heard(Description(parties[0]));
        string toTarget = Encoding.ASCII.GetString(target.Told(Description(parties[0])));
        target.Heard(InOpus(parties[1]));
        return (Encoding.ASCII.GetString(caller.Told(InOpus(parties[1]))), toTarget);
    }

    public static byte[] InOpus(string port) => Encoding.ASCII.GetBytes($"v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\nm=audio {port} RTP/AVP 111\r\na=rtpmap:111 opus/48000/2\r\n");

    public static byte[] Description(string port, string key = NoKey) => Encoding.ASCII.GetBytes(
        $"v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\nm=audio {port} RTP/{(key == NoKey ? "" : "S")}AVP 8\r\na=rtpmap:8 PCMA/8000\r\n{(key == NoKey ? "" : $"a=crypto:{key.Replace('\t', ' ')}\r\n")}");

    /// <summary>The value of the first crypto line, with tabs for spaces; a dash when there is none.</summary>
    public static string Key(string description)
    {
        int start = description.IndexOf("a=crypto:", StringComparison.Ordinal) + 9;
        return start < 9 ? NoKey : description[start..description.IndexOf('\r', start)].Replace(' ', '\t');
    }

    public static int Port(string description)
    {
        int start = description.IndexOf("m=audio ", StringComparison.Ordinal) + 8;
        return int.Parse(description.AsSpan(start, description.IndexOf(' ', start) - start));
    }
}
