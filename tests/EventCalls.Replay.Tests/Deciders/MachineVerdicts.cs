using System.Globalization;
using System.Text;
using System.Text.Json;
using EventCalls.Contracts;
using EventCalls.Routing.Loading;
using EventCalls.Store;
using EventCalls.Testing.Histories;

namespace EventCalls.Replay.Tests.Deciders;

/// <summary>What a replay says on this machine: of the committed histories, in this process and in deciders, and of the cheats. <c>verdicts</c> of this program writes it, for another machine's.</summary>
internal static class MachineVerdicts
{
    /// <summary>The argument that makes this program write them.</summary>
    public const string Command = "verdicts";

    /// <summary>Writes what the machine is, and then the verdicts, one a line.</summary>
    public static async Task<int> WriteAsync(TextWriter output)
    {
        await output.WriteLineAsync(JsonSerializer.Serialize(Machine.Here()));
        foreach (string verdict in await OfHistoriesAsync())
            await output.WriteLineAsync(verdict);
        foreach (string believed in await CheatsInDecidersTests.BelievedAsync())
            await output.WriteLineAsync($"believed {believed}");
        return 0;
    }

    /// <summary>The committed histories, each with its verdict and how many decisions were taken.</summary>
    public static async Task<List<string>> OfHistoriesAsync()
    {
        var verdicts = new List<string>();
        foreach (string folder in RecordedHistory.Names.Select(name => RecordedHistory.Of(name).LogicFolder).Distinct())
        {
            var sources = RecordedHistory.Sources(folder).Select(source => new LogicSource(source.Name, source.Text)).ToList();
            using var logic = LogicCompiler.Compile(sources).Logic!;
            var calls = RecordedHistory.Names.Where(name => RecordedHistory.Of(name).LogicFolder == folder).Select(name => Call(RecordedHistory.Of(name))).ToList();
            foreach (bool isHere in (bool[])[true, false])
            {
                var options = isHere ? new ReplayOptions { Threads = 2 } : InDecidersTests.s_options;
                foreach (var call in await Logics.ReplayAsync(logic, calls, options))
                    verdicts.Add($"{(isHere ? "here" : "deciders")} {folder} {logic.Version} {call.Call.CallId} {WireName.Of(call.Verdict)} {call.Decisions.Count} {call.Unrecorded} {call.Error}");
            }
        }
        return verdicts;
    }

    private static CallHistory Call(RecordedHistory history)
    {
        CallRow? row = null;
        var stored = new List<StoredEvent>();
        foreach (var (type, data) in history.Events)
        {
            var e = EventToAppend.Read(Encoding.UTF8.GetBytes(type), data);
            stored.Add(PastCalls.Stored(e.Event.CallId, stored.Count + 1, e.Event.EventId, type, data));
            row = CallProjection.Apply(row, e.Event, stored.Count);
        }
        return new CallHistory(row!, stored);
    }
}

/// <summary>What two machines may differ in, as this process sees it.</summary>
internal sealed record Machine(string TimeZone, bool HasLocalTime, string? Language, string? Zones, string Folder, long Heap, int HashOfX)
{
    public static Machine Here() => new(
        TimeZoneInfo.Local.BaseUtcOffset.TotalHours.ToString(CultureInfo.InvariantCulture), File.Exists("/etc/localtime"), Environment.GetEnvironmentVariable("LANG"),
        Environment.GetEnvironmentVariable("TZDIR"), Environment.CurrentDirectory, GC.GetGCMemoryInfo().TotalAvailableMemoryBytes, "x".GetHashCode());
}
