using System.Text.Json;
using EventCalls.Host.Commands;
using Microsoft.Data.Sqlite;

namespace EventCalls.Host.Tests.Forks;

/// <summary>A real call into whose stream an application has put events of its own, one while it went on and one after its end.</summary>
public class OthersEventsTests(DemoStore demo) : IClassFixture<DemoStore>
{
    private const int Between = 3;

    [Fact]
    public async Task Every_command_about_a_call_passes_over_them()
    {
        var call = demo.CallOf("support", 1);
        string id = $"{call.Started.CallId:D}";
        int last = call.Events.Count + 2;
        await PutAsync(call.Started.CallId, Between, "call_tagged", """{"tag":"vip","by":{"name":"Ada"}}""");
        await PutAsync(call.Started.CallId, last, "call_reviewed", $$"""{"stars":4,"of":"{{call.Started.CallerNumber}}"}""");

        var shown = await DoneAsync("calls", "show", id);
        Assert.Contains("call_tagged: another program's event, or a newer one", shown, StringComparison.Ordinal);
        Assert.DoesNotContain("0001-01-01", shown, StringComparison.Ordinal);
        Assert.DoesNotContain("0001-01-01", await DoneAsync("calls", "show", id, "--at", $"{Between}"), StringComparison.Ordinal);
        // What was known is the same; the ladder below has a row more.
        Assert.Equal(Known((await demo.RunAsync("calls", "show", id, "--at", $"{Between - 1}")).Out), Known((await demo.RunAsync("calls", "show", id, "--at", $"{Between}")).Out));

        using (var export = JsonDocument.Parse((await DoneAsync("calls", "export")).Split('\n').Single(l => l.Contains(id, StringComparison.Ordinal))))
        {
            var types = export.RootElement.GetProperty("events").EnumerateArray().Select(e => e.GetProperty("type").GetString()).ToList();
            Assert.Equal(("call_tagged", "call_reviewed"), (types[Between - 1], types[last - 1]));
        }

        Assert.Contains("the same", await DoneAsync("calls", "explain", id), StringComparison.Ordinal);
        using (var replay = JsonDocument.Parse(await DoneAsync("replay", "--logic", DemoStore.LogicFolder, "--json", "-")))
            Assert.Equal((demo.Calls.Count, demo.Calls.Count), (replay.RootElement.GetProperty("calls").GetInt32(), replay.RootElement.GetProperty("same").GetInt32()));

        string said = $"Left out are events that are not EventCalls' own ({Between} call_tagged, {last} call_reviewed); the others are numbered without them.\n";
        foreach (int at in (int[])[1, Between - 1, Between, Between + 1])
        {
            var (exit, text, error) = await demo.RunAsync("calls", "fork", id, "--at", $"{at}", "--json");
            Assert.Equal((ExitCodes.Done, said), (exit, error));
            using var fork = JsonDocument.Parse(text);
            Assert.True(fork.RootElement.GetProperty("same").GetBoolean());
            Assert.Equal((at < Between ? at : at - 1, call.Events.Count), (fork.RootElement.GetProperty("at").GetInt32(), fork.RootElement.GetProperty("of").GetInt32()));
        }
        var over = await demo.RunAsync("calls", "fork", id, "--at", $"{last}");
        Assert.Equal(ExitCodes.NotSo, over.ExitCode);
        Assert.Contains("there the call is over", over.Error, StringComparison.Ordinal);

        string folder = Directory.CreateTempSubdirectory("eventcalls-sipp-").FullName;
        try
        {
            Assert.Equal((ExitCodes.Done, true), (await demo.RunAsync("calls", "to-sipp", id, "--out", folder)) is var sipp ? (sipp.ExitCode, sipp.Error.StartsWith(said, StringComparison.Ordinal)) : default);
            Assert.DoesNotContain("call_tagged", await File.ReadAllTextAsync(Path.Combine(folder, "expected-events.json")), StringComparison.Ordinal);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }

        await DoneAsync("calls", "mask", id, "--yes");
        Assert.DoesNotContain(call.Started.CallerNumber.TrimStart('+'), await DoneAsync("calls", "show", id, "--json"), StringComparison.Ordinal);
    }

    private static IEnumerable<string> Known(string shown) =>
        shown.Split('\n').TakeWhile(line => !line.Contains("seconds", StringComparison.Ordinal)).Where(line => !line.StartsWith("As of", StringComparison.Ordinal));

    // The store in SQLite is ours alone; with Marten an application appends so (ApplicationTests there).
    private async Task PutAsync(Guid call, int version, string type, string data)
    {
        await using var database = new SqliteConnection($"Data Source={demo.Database};Pooling=False");
        await database.OpenAsync();
        await using var put = database.CreateCommand();
        put.CommandText = """
            update events set version = -version where call_id = $call and version >= $version;
            update events set version = 1 - version where call_id = $call and version < 0;
            insert into events (call_id, version, event_id, type, occurred_at, data) values ($call, $version, $event, $type, $now, $data);
            update calls set version = (select max(version) from events where call_id = $call),
              last_event_id = (select event_id from events where call_id = $call order by version desc limit 1) where call_id = $call;
            """;
        put.Parameters.AddWithValue("$call", $"{call:D}");
        put.Parameters.AddWithValue("$version", version);
        put.Parameters.AddWithValue("$event", $"{Guid.CreateVersion7():D}");
        put.Parameters.AddWithValue("$type", type);
        put.Parameters.AddWithValue("$now", "2026-01-01T00:00:00.000000Z");
        put.Parameters.AddWithValue("$data", data);
        Assert.True(await put.ExecuteNonQueryAsync() > 1);
    }

    private async Task<string> DoneAsync(params string[] arguments)
    {
        var (exit, text, error) = await demo.RunAsync(arguments);
        Assert.True(exit == ExitCodes.Done, $"{string.Join(' ', arguments)}: {exit}\n{text}\n{error}");
        return text;
    }
}
