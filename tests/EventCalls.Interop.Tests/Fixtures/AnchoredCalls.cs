using System.Globalization;
using System.Net.NetworkInformation;
using EventCalls.Testing;

namespace EventCalls.Interop.Tests.Fixtures;

/// <summary>A service through which all media goes, and that records; calls of phones with voices through it.</summary>
public class AnchoredCalls : EmbeddedService
{
    /// <summary>What the caller says.</summary>
    internal const int CallerHertz = 440;

    /// <summary>What the target says.</summary>
    internal const int TargetHertz = 1000;

    private const int Ports = 120;
    private readonly DirectoryInfo _recordings = Directory.CreateTempSubdirectory("eventcalls-recordings-");
    private readonly int _first = FreePorts.Range(Ports);

    /// <summary>The folder of its recordings.</summary>
    internal string Recordings => _recordings.FullName;

    /// <summary>The first port of its media.</summary>
    internal int FirstPort => _first;

    /// <summary>The last one.</summary>
    internal int LastPort => _first + Ports - 1;

    /// <summary>The ports of its media that are open.</summary>
    internal IEnumerable<int> OpenPorts => IPGlobalProperties.GetIPGlobalProperties().GetActiveUdpListeners().Select(e => e.Port).Where(p => p >= _first && p < _first + Ports);

    /// <inheritdoc />
    public override async Task DisposeAsync()
    {
        await base.DisposeAsync();
        _recordings.Delete(recursive: true);
    }

    internal override EventCallsSettings Configure(EventCallsSettings settings) => settings with
    {
        More = new Dictionary<string, string>
        {
            ["Media__Mode"] = "anchor",
            ["Media__Ports"] = string.Create(CultureInfo.InvariantCulture, $"{_first}-{_first + Ports - 1}"),
            ["Media__Recordings"] = _recordings.FullName,
            ["Media__SilenceSeconds"] = "2",
            ["Trunks__carrier__Record"] = "true",
        },
    };

    /// <summary>A phone that calls.</summary>
    internal static MediaPhone Caller() => new(CallerHertz, 0, TimeProvider.System);

    /// <summary>A phone that is called.</summary>
    internal MediaPhone Target(int hertz = TargetHertz, bool second = false) => new(hertz, second ? Settings.SecondPort : Settings.TargetPort, TimeProvider.System);

    /// <summary>Calls the target, and waits until both hear each other; the SIP Call-ID.</summary>
    internal async Task<string> ConnectAsync(MediaPhone caller, MediaPhone target, string flow = "bridge")
    {
        string id = await caller.CallAsync(Settings.SipPort, flow);
        await caller.HearAsync(target.Voice.Hertz);
        await target.HearAsync(caller.Voice.Hertz);
        return id;
    }

    /// <summary>Hangs up, and hands out the stream of the call when it is over and all of its ports are given back.</summary>
    internal async Task<CallStream> EndAsync(MediaPhone caller, string id)
    {
        await caller.HangUpAsync();
        var call = await Process.EndedCallAsync(id);
        await AllGivenBackAsync();
        return call;
    }

    /// <summary>Waits until no port is open.</summary>
    internal async Task AllGivenBackAsync()
    {
        var clock = System.Diagnostics.Stopwatch.StartNew();
        while (OpenPorts.Any())
        {
            Assert.True(clock.Elapsed < TimeSpan.FromSeconds(5), $"Ports are open when no call is: {string.Join(' ', OpenPorts)}\n{Process.Describe()}");
            await Task.Delay(50);
        }
    }
}
