using System.Text;
using System.Text.Json;
using EventCalls.Contracts;
using EventCalls.Routing.Loading;
using EventCalls.Store;
using EventCalls.Testing.Histories;

namespace EventCalls.Replay.Tests;

/// <summary>Calls that were recorded once can be stored, listed and decided again for ever.</summary>
public sealed class HistoryTests
{
    public static TheoryData<string> Logics => [.. RecordedHistory.Names.Select(name => RecordedHistory.Of(name).LogicFolder).Distinct()];

    [Theory]
    [MemberData(nameof(Logics))]
    public async Task A_recorded_call_is_listed_as_it_was_and_its_logic_decides_it_as_it_did(string logicFolder)
    {
        var histories = RecordedHistory.Names.Select(name => (Name: name, History: RecordedHistory.Of(name))).Where(h => h.History.LogicFolder == logicFolder)
            .ToDictionary(h => h.History.Expected.GetProperty("call").GetProperty("callId").GetGuid());
        var check = LogicCompiler.Compile([.. RecordedHistory.Sources(logicFolder).Select(source => new LogicSource(source.Name, source.Text))]);
        Assert.True(check.Ok, string.Join('\n', check.Diagnostics));
        using var logic = check.Logic!;

        var calls = await StoredAsync(histories.Values.Select(h => h.History));
        var replayed = await Tests.Logics.ReplayAsync(logic, calls);

        Assert.Equal(histories.Keys.Order(), replayed.Select(call => call.Call.CallId).Order());
        foreach (var call in replayed)
        {
            var (name, history) = histories[call.Call.CallId];
            var expected = history.Expected;
            Assert.Equal(Columns(expected.GetProperty("call"), name), Columns(JsonSerializer.SerializeToElement(call.Call, JsonSerializerOptions.Web), name, expected.GetProperty("call")));
            Assert.Equal(
                (name, expected.GetProperty("verdict").GetString(), expected.GetProperty("decisions").GetInt32()),
                (name, WireName.Of(call.Verdict), call.Decisions.Count));
            if (call.Call.LogicVersion is { } version && version != LogicVersionName.None)
                Assert.Equal(version, logic.Version);
        }
    }

    private static async Task<List<CallHistory>> StoredAsync(IEnumerable<RecordedHistory> histories)
    {
        var folder = Directory.CreateTempSubdirectory("eventcalls-history-");
        try
        {
            await using var store = SqliteStore.Open(new StoreOptions { Sqlite = Path.Combine(folder.FullName, "calls.db") });
            await store.MigrateAsync(default);
            var stored = new List<string>();
            foreach (var history in histories)
            {
                var events = history.Events.Select(e => EventToAppend.Read(Encoding.UTF8.GetBytes(e.Type), e.Data)).ToList();
                Assert.Equal(events.Count, (await store.AppendAsync(events, default)).Stored);
                stored.AddRange(history.Events.Select(e => Encoding.UTF8.GetString(e.Data)));
            }
            var calls = await store.ReadCallsAsync(new CallQuery(), default).ToListAsync();
            Assert.Equal(stored.Order(), calls.SelectMany(call => call.Events).Select(e => Encoding.UTF8.GetString(e.Data.Span)).Order());
            var listed = await store.SearchAsync(new CallQuery(), default);
            Assert.Equal(calls.Count, await store.RebuildProjectionAsync(default));
            Assert.Equal(listed, await store.SearchAsync(new CallQuery(), default));
            Assert.Equal(listed.OrderBy(call => call.CallId), calls.Select(call => call.Call).OrderBy(call => call.CallId));
            return calls;
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    // A column that a later version adds is none of a history's business.
    private static string Columns(JsonElement call, string name, JsonElement? only = null) =>
        name + '\n' + string.Join('\n', (only ?? call).EnumerateObject().Select(column => $"{column.Name}: {call.GetProperty(column.Name)}"));
}
