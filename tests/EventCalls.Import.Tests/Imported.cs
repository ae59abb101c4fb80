using System.Text.Json;
using EventCalls.Contracts;
using EventCalls.Import.Calls;
using EventCalls.Import.Csv;
using EventCalls.Store;

namespace EventCalls.Import.Tests;

/// <summary>Imports bytes into a store in a folder of its own, and hands out what is stored.</summary>
internal sealed class Imported : IAsyncDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("eventcalls-import-").FullName;

    private string Database => Path.Combine(_folder, "calls.db");

    /// <summary>Which addresses are ours; none by default.</summary>
    public string[] Ours { get; init; } = [];

    /// <summary>The trunk asked for.</summary>
    public string? Trunk { get; init; }

    /// <summary>The configured trunks.</summary>
    public KnownTrunk[] Trunks { get; init; } = [];

    /// <summary>How tables are read.</summary>
    public CsvOptions Csv { get; init; } = new();

    /// <summary>Imports files of these contents, named <c>0.pcap</c>, <c>1.pcap</c> …, or with a name given.</summary>
    public async Task<ImportResult> ImportAsync(params byte[][] files) =>
        await ImportAsync([.. files.Select((bytes, i) => ($"{i}.pcap", bytes))]);

    /// <summary>Imports files.</summary>
    public async Task<ImportResult> ImportAsync(params (string Name, byte[] Bytes)[] files)
    {
        var paths = new List<string>();
        foreach (var (name, bytes) in files)
        {
            paths.Add(Path.Combine(_folder, name));
            await File.WriteAllBytesAsync(paths[^1], bytes);
        }
        await using var store = SqliteStore.Open(new StoreOptions { Sqlite = Database });
        await store.MigrateAsync(default);
        var options = new ImportOptions { Files = paths, Perspective = new Perspective(Trunk, [.. Ours.Select(o => OurAddress.Parse(o)!)], Trunks), Csv = Csv };
        return await new ImportRun(options, store, _ => { }).RunAsync(default);
    }

    /// <summary>All calls that are stored, the oldest first, their events read back as they were stored.</summary>
    public async Task<List<CallEvent[]>> CallsAsync()
    {
        await using var store = SqliteStore.Open(new StoreOptions { Sqlite = Database });
        var calls = new List<CallEvent[]>();
        await foreach (var call in store.ReadCallsAsync(new CallQuery(), default))
        {
            var events = call.Events.Select(e => CallEventCodec.Read(e.Type, e.Data.Span)).ToArray();
            MustBeWhole(events);
            calls.Add(events);
        }
        return calls;
    }

    /// <summary>The one call that is stored.</summary>
    public async Task<CallEvent[]> CallAsync() => Assert.Single(await CallsAsync());

    /// <inheritdoc />
    public ValueTask DisposeAsync()
    {
        Directory.Delete(_folder, recursive: true);
        return ValueTask.CompletedTask;
    }

    /// <summary>What holds of every stream, live or imported.</summary>
    private static void MustBeWhole(CallEvent[] events)
    {
        Assert.IsType<CallStarted>(events[0]);
        Assert.IsType<CallEnded>(events[^1]);
        Assert.Single(events.OfType<CallStarted>());
        Assert.Single(events.OfType<CallEnded>());
        Assert.NotNull(((CallStarted)events[0]).ImportedFrom);
        Assert.StartsWith("import:", ((CallStarted)events[0]).Node, StringComparison.Ordinal);
        var known = new Dictionary<Guid, DateTimeOffset> { [Guid.Empty] = DateTimeOffset.MinValue };
        foreach (var e in events)
        {
            Assert.True(known.TryGetValue(e.CausationId, out var cause), $"{JsonSerializer.Serialize<object>(e)} comes before its cause");
            Assert.True(e.OccurredAt >= cause, $"{JsonSerializer.Serialize<object>(e)} is earlier than its cause");
            Assert.True(known.TryAdd(e.EventId, e.OccurredAt));
        }
        foreach (var started in events.OfType<TransferStarted>())
        {
            int outcomes = events.Count(e => e is TransferCompleted c && c.HandoffId == started.HandoffId && c.Attempt == started.Attempt)
                + events.Count(e => e is TransferFailed f && f.HandoffId == started.HandoffId && f.Attempt == started.Attempt);
            Assert.Equal(1, outcomes);
        }
        foreach (var e in events)
        {
            if (e is TransferCompleted c)
                Assert.Equal(c.Outcome, TransferOutcomes.Derive(c.Method, c.Evidence));
            if (e is TransferFailed f)
                Assert.Equal(f.Outcome, TransferOutcomes.Derive(f.Method, f.Evidence));
        }
    }
}
