using System.Net;
using System.Text;
using EventCalls.Media.Sessions;

namespace EventCalls.Benchmarks.Relaying;

/// <summary>A call whose media comes here, or a copy of it does, and a monitor who may hear it.</summary>
internal sealed class WatchedCall
{
    private readonly MediaLeg _caller;
    private readonly MediaLeg _target;
    private readonly MediaLeg _monitor;
    private MediaRecording? _recording;
    private bool _isLookedAt;

    /// <summary>Opens its legs.</summary>
    /// <param name="relay">Where.</param>
    /// <param name="parties">The ports of caller, target and monitor.</param>
    /// <param name="isCopied">Whether an engine sends copies of it.</param>
    /// <param name="isOpus">Whether the two speak Opus.</param>
    public WatchedCall(MediaRelay relay, string[] parties, bool isCopied, bool isOpus)
    {
        (_caller, _target, _monitor) = (Open(relay), Open(relay), Open(relay));
        if (isCopied)
        {
            Ports = $"{Copy(_caller, parties[0])} {Copy(_target, parties[1])}";
        }
        else
        {
            var (caller, target) = (Described(parties[0], isOpus), Described(parties[1], isOpus));
            _caller.Heard(caller);
            _target.Heard(target);
            Ports = $"{PortIn(_caller.Told(target))} {PortIn(_target.Told(caller))}";
            MediaLeg.Connect(_caller, _target);
        }
        byte[] monitor = Described(parties[2], false);
        _monitor.Heard(monitor);
        Ports += $" {PortIn(_monitor.Told(monitor))}";
    }

    /// <summary>Our ports for caller, target and monitor.</summary>
    public string Ports { get; }

    /// <summary>Has it watched one way, and no other.</summary>
    public async Task WatchAsync(Watching way, MediaRecorder recorder, string name)
    {
        bool isHeard = way is Watching.Listened or Watching.Whispered or Watching.Joined;
        _monitor.HearMix(isHeard ? [_caller, _target] : []);
        _target.HearMix(way is Watching.Whispered or Watching.Joined ? [_caller, _monitor] : []);
        _caller.HearMix(way is Watching.Joined ? [_target, _monitor] : []);
        _isLookedAt = way == Watching.Level;
        if (!_isLookedAt)
        {
            _caller.StopLevel();
            _target.StopLevel();
        }
        var before = _recording;
        _recording = way == Watching.Recorded ? recorder.Begin(name, TimeProvider.System.GetUtcNow(), "", "", "", "") : null;
        _caller.Record(_recording, true);
        _target.Record(_recording, false);
        if (before is not null)
            await before.StopAsync();
    }

    /// <summary>Looks at its level, where that is looked at.</summary>
    public void Look()
    {
        if (!_isLookedAt)
            return;
        _caller.TakeLevel();
        _target.TakeLevel();
    }

    private static MediaLeg Open(MediaRelay relay) => relay.Open(IPAddress.Loopback, IPAddress.Loopback, onDigit: static (_, _) => { });

    private static byte[] Described(string port, bool isOpus) => isOpus ? RelayChild.InOpus(port) : RelayChild.Description(port);

    private static int Copy(MediaLeg leg, string port)
    {
        string offer = Encoding.ASCII.GetString(RelayChild.Description(port)).Replace("AVP 8", "AVP 8 101", StringComparison.Ordinal);
        return PortIn(leg.TakeCopy(Encoding.ASCII.GetBytes($"{offer}a=rtpmap:101 telephone-event/8000\r\na=sendonly\r\n"))!);
    }

    private static int PortIn(byte[] description) => RelayChild.Port(Encoding.ASCII.GetString(description));
}

/// <summary>How calls are watched.</summary>
internal enum Watching
{
    /// <summary>Not at all, but for digits.</summary>
    Plain,

    /// <summary>Somebody looks at how loud both are.</summary>
    Level,

    /// <summary>Both are recorded as WAV.</summary>
    Recorded,

    /// <summary>A monitor hears both.</summary>
    Listened,

    /// <summary>A monitor hears both, and the target hears the monitor.</summary>
    Whispered,

    /// <summary>All three hear each other.</summary>
    Joined,
}
