using EventCalls.Benchmarks.Running;
using EventCalls.Media.Audio;

namespace EventCalls.Benchmarks.Relaying;

/// <summary>What is measured of the relay.</summary>
internal sealed record RelayOptions(int Calls, int Seconds, int Turns)
{
    /// <summary>Whether calls with one side by SRTP stand beside plain ones.</summary>
    public bool Srtp { get; private init; }

    /// <summary>Whether the calls are transcoded.</summary>
    public bool Transcode { get; private init; }

    /// <summary>The native library that encodes Opus besides the program's own code.</summary>
    public string? Opus { get; private init; }

    /// <summary>Whether the calls are listened to, joined, and have their level looked at.</summary>
    public bool Monitors { get; private init; }

    /// <summary>Whether copies of calls stand beside calls.</summary>
    public bool Copies { get; private init; }

    /// <summary>Whether calls are measured that somebody hears besides.</summary>
    public bool IsWatched => Monitors || Copies;

    /// <summary>The calls' parties.</summary>
    public RtpTraffic NewTraffic(bool isTranscoded) => isTranscoded ? new(Calls, AudioCodec.Pcma, AudioCodec.Opus) : new(Calls);

    /// <summary>Reads them.</summary>
    public static RelayOptions Parse(IReadOnlyList<string> args)
    {
        var read = new ArgumentReader(args);
        var options = new RelayOptions(500, 10, 2);
        while (read.Next())
        {
            options = read.Name switch
            {
                "--calls" => options with { Calls = read.Number(1) },
                "--seconds" => options with { Seconds = read.Number(1) },
                "--opus" => options with { Opus = read.Value(), Transcode = true },
                "--transcode" => options with { Transcode = true },
                "--monitors" => options with { Calls = read.Number(1), Monitors = true },
                "--copies" => options with { Calls = read.Number(1), Copies = true },
                "--srtp" => options with { Srtp = true },
                "--turns" => options with { Turns = read.Number(1) },
                _ => throw read.Unknown(),
            };
        }
        return options;
    }
}
