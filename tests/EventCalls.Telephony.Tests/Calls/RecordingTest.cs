using System.Text;
using EventCalls.Contracts;
using EventCalls.Media.Sessions;
using EventCalls.Sip.Messages;
using EventCalls.Telephony.Configuration;
using EventCalls.Testing;
using Microsoft.Extensions.Logging.Abstractions;

namespace EventCalls.Telephony.Tests.Calls;

/// <summary>Calls whose media can go through the node, which records into a folder of the test's.</summary>
public abstract class RecordingTest : CommandTest, IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("eventcalls-recordings-");

    private protected RecordingTest()
        : base("127.0.0.1:5060")
    {
        int port = FreePorts.Range(40);
        Assert.True(MediaPorts.TryParse($"{port}-{port + 39}", out var ports));
        Relay = new MediaRelay(0, ports, 0, TimeProvider.System, NullLogger.Instance);
        Recorder = RecorderInto(_folder.FullName);
        Options = Options with { Listen = ["udp:127.0.0.1:5060"] };
    }

    /// <summary>The files of recordings, finished or not.</summary>
    private protected string[] Files => Directory.GetFiles(_folder.FullName, "*", SearchOption.AllDirectories);

    private protected string Folder => _folder.FullName;

    public void Dispose()
    {
        Relay?.Dispose();
        Recorder?.Dispose();
        _folder.Delete(recursive: true);
        GC.SuppressFinalize(this);
    }

    private protected static MediaRecorder RecorderInto(string folder) => new(folder, "{call}", isOpus: false, null, TimeProvider.System);

    private protected static Handoff Step(bool? record, string? media = null, string endpoint = "pstn") => Invite(endpoint: endpoint) with { Record = record, Media = media };

    /// <summary>Trunks as they are, and what they say of media.</summary>
    private protected void Trunk(string name, Func<TrunkOptions, TrunkOptions> change) =>
        Options = Options with { Trunks = [.. Options.Trunks.Select(t => t.Name == name ? change(t) : t)] };

    /// <summary>The caller is connected to the target by a step.</summary>
    private protected void Bridge(Handoff step)
    {
        TargetAnswers();
        SecondAnswers();
        CallIn();
        Decide(step);
        Run(100);
        Assert.NotEmpty(Journal.Events.OfType<TransferCompleted>());
    }

    private protected void Press(char digit, int durationMs = 20)
    {
        Caller.Leg!.Request(SipMethod.Info, new Content("application/dtmf-relay", Encoding.ASCII.GetBytes($"Signal={digit}\r\nDuration={durationMs}\r\n")), null, Caller);
        Run(10);
    }

    /// <summary>The caller hangs up, and the recording is stored.</summary>
    private protected async Task EndAsync()
    {
        Caller.Leg!.Bye();
        await RunUntilAsync(() => Journal.Events.OfType<CallEnded>().Any());
        AssertOver();
    }

    /// <summary>What is said of recordings, one short line each.</summary>
    private protected string[] Said() =>
    [
        .. Journal.Events.Select(e => e switch
        {
            RecordingPaused paused => $"{(paused.Paused ? "paused" : "goes on")} by {paused.By ?? (paused.HandoffId is null ? "nobody" : "a handoff")}",
            RecordingDiscarded discarded => $"discarded by {discarded.By}",
            RecordingStored => "stored",
            RecordingFailed failed => $"failed: {failed.Why}",
            _ => "",
        }).Where(line => line.Length > 0),
    ];
}
