using System.IO.Compression;
using System.Text;
using EventCalls.Contracts;
using EventCalls.Replay.Calls;
using EventCalls.Replay.Choosing;
using EventCalls.Replay.Deciding;
using EventCalls.Replay.Histories;
using EventCalls.Routing.Loading;
using EventCalls.Routing.Lookups;
using EventCalls.Store;

namespace EventCalls.Replay.Tests.Histories;

/// <summary>Past calls in a file that needs no store.</summary>
public sealed class HistoryFileTests : IAsyncLifetime
{
    private static readonly DateTimeOffset s_now = new(2026, 4, 1, 0, 0, 0, TimeSpan.Zero);

    // Reads a header, a look-up by the caller's number and how the number begins, and keeps the caller in its state.
    private const string Reading = """
        public sealed class Line : RoutingLogic
        {
            public override Decision Start(Conversation conv)
            {
                conv.State["caller"] = conv.CallerNumber;
                conv.State["name"] = conv.SipHeaders["X-Name"];
                conv.State["rate"] = conv.Lookup("rates", conv.CallerNumber);
                if (conv.SipHeaders["X-Tier"] == "gold")
                    return Handoff.Invite("+4900123456", outboundEndpoint: "pstn", outboundCallerId: conv.CallerNumber).WithHeader("X-Caller", "of " + conv.CallerNumber);
                return conv.CallerNumber.StartsWith("+1555") ? Handoff.Invite("+4100123456", outboundEndpoint: "pstn") : Handoff.Reject(403);
            }
        }
        """;

    private readonly string _folder = Directory.CreateTempSubdirectory("eventcalls-history-").FullName;
    private readonly ICallStore _store;
    private readonly CompiledLogic _logic = Logics.Compile(Reading);

    public HistoryFileTests() => _store = SqliteStore.Open(new StoreOptions { Sqlite = Path.Combine(_folder, "calls.db") });

    private string File => Path.Combine(_folder, "calls.history");

    public async Task InitializeAsync()
    {
        await _store.MigrateAsync(CancellationToken.None);
        await _store.SaveLogicVersionAsync(new LogicVersionLoaded { Version = _logic.Version, Sources = _logic.Sources, LoadedAt = s_now, Node = "n1" }, CancellationToken.None);
        string[] callers = ["+15551234567", "+15559876543", "+442079460123", "+15551234567"];
        var past = new PastCalls(_logic, Rates(callers));
        for (int i = 0; i < callers.Length; i++)
        {
            SipHeader[] headers =
            [
                new("Via", "SIP/2.0/UDP 203.0.113.77;branch=z9hG4bKsecret"), new("From", $"\"Erika Mustermann\" <sip:{callers[i]}@home.example>;tag=1"), new("To", "<sip:+15559999@example.com>"),
                new("P-Asserted-Identity", $"<tel:{callers[i]}>"), new("X-Name", "Erika Mustermann"), new("X-Tier", i == 1 ? "gold" : "none"), new("X-Account", "A-4711-99"),
            ];
            var call = past.Call(callers[i], headers: headers, failures: i == 3 ? [TransferOutcome.Busy] : []);
            var result = await _store.AppendAsync([.. PastCalls.Events(call).Select(EventToAppend.Of)], CancellationToken.None);
            Assert.Empty(result.Waiting);
        }
    }

    public async Task DisposeAsync()
    {
        await _store.DisposeAsync();
        _logic.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task A_replay_of_the_file_comes_to_what_a_replay_of_the_store_comes_to()
    {
        using var candidate = Logics.Compile(Reading.Replace("+4900", "+4950", StringComparison.Ordinal));
        Assert.Equal(4, await HistoryExport.ToFileAsync(_store, new CallQuery(), File, null, s_now, CancellationToken.None));

        var fromStore = await ReplayAsync(candidate, _store);
        var fromFile = await ReplayAsync(candidate, HistoryFile.Open(File));

        Assert.Equal(4, fromFile.Count);
        Assert.Equal(fromStore.Select(Words), fromFile.Select(Words));
        Assert.Equal([Verdict.Same, Verdict.Changed, Verdict.Same, Verdict.Same], fromFile.Select(c => c.Verdict));
    }

    [Fact]
    public async Task The_file_has_the_logic_and_is_asked_like_a_store()
    {
        await HistoryExport.ToFileAsync(_store, new CallQuery { CallerPrefix = "+1555" }, File, null, s_now, CancellationToken.None);
        var history = HistoryFile.Open(File);
        var all = await _store.SearchAsync(new CallQuery { CallerPrefix = "+1555" }, CancellationToken.None);

        Assert.Equal(3, await history.CountAsync(new CallQuery(), CancellationToken.None));
        Assert.Equal(1, await history.CountAsync(new CallQuery { Caller = "+15559876543" }, CancellationToken.None));
        Assert.Equal(all.Select(r => r.CallId), (await history.SearchAsync(new CallQuery(), CancellationToken.None)).Select(r => r.CallId));
        Assert.Equal(all[0].CallId, (await history.FindAsync(all[0].SipCallId, CancellationToken.None))!.CallId);
        Assert.Equal(_logic.Version, Assert.Single(await history.ListLogicVersionsAsync("sha256:", CancellationToken.None)));
        var version = (await history.FindLogicVersionAsync(_logic.Version, CancellationToken.None))!;
        Assert.Equal((Reading, null), (version.Sources[0].Text, version.Node));
        var behind = history.ReadCallsAsync(new CallQuery { Behind = CallCursor.Of(all[^1]) }, CancellationToken.None);
        Assert.Equal(2, await behind.CountAsync());
    }

    [Fact]
    public async Task Anonymized_nothing_of_the_callers_is_left_and_the_same_decisions_are_taken()
    {
        await HistoryExport.ToFileAsync(_store, new CallQuery(), File, Anonymizer("X-Tier"), s_now, CancellationToken.None);
        string text = Unpacked();

        foreach (string secret in (string[])["1234567", "9876543", "79460123", "Mustermann", "Erika", "203.0.113.77", "z9hG4bKsecret", "A-4711", "call-1@example.com"])
            Assert.DoesNotContain(secret, text, StringComparison.Ordinal);
        Assert.Contains("+4900123456", text, StringComparison.Ordinal);
        Assert.Contains("\"X-Tier\",\"value\":\"gold\"", text, StringComparison.Ordinal);
        var calls = await ReplayAsync(_logic, HistoryFile.Open(File));
        Assert.All(calls, call => Assert.Equal((Verdict.Same, "", null), (call.Verdict, string.Join(", ", call.Changes), call.Unrecorded)));
        Assert.All(calls.Where((_, i) => i != 2), call => Assert.StartsWith("+1555", call.Started.CallerNumber, StringComparison.Ordinal));
        Assert.Equal(calls[0].Started.CallerNumber, calls[3].Started.CallerNumber);
        Assert.NotEqual(calls[0].Started.CallerNumber, calls[1].Started.CallerNumber);
    }

    [Fact]
    public async Task Where_the_logic_looks_at_more_than_is_kept_a_call_changes_and_the_logic_is_not_blamed()
    {
        using var exact = Logics.Compile(Logics.Start("return conv.CallerNumber == \"+15551234567\" ? Handoff.Reject(486) : Handoff.Bye();"));
        var past = new PastCalls(exact);
        var call = new Anonymizer(new AnonymizerOptions { Key = new byte[16] }).Anonymize(past.Call("+15551234567"));

        var replayed = await Logics.ReplayAsync(exact, call, new ReplayOptions { Threads = 1, Inputs = new OtherInputs() });

        Assert.Equal(Verdict.Changed, replayed.Verdict);
    }

    [Fact]
    public async Task The_same_key_gives_the_same_tokens_and_another_one_others()
    {
        var past = new PastCalls(_logic, Rates("+15551234567")).Call("+15551234567");
        string Token(byte first) => new Anonymizer(new AnonymizerOptions { Key = new byte[] { first, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15 } }).Anonymize(past).Call.Caller;

        Assert.Equal(Token(1), Token(1));
        Assert.NotEqual(Token(1), Token(2));
        Assert.Matches(@"^\+1555\d{7}$", Token(1));
        Assert.Throws<ArgumentException>(() => new Anonymizer(new AnonymizerOptions { Key = new byte[15] }));
        await Task.CompletedTask;
    }

    [Fact]
    public async Task What_is_no_history_or_a_damaged_one_is_refused_with_what_to_do()
    {
        await System.IO.File.WriteAllTextAsync(File, "{}");
        Assert.Contains("is no history of calls", Assert.Throws<InvalidDataException>(() => HistoryFile.Open(File)).Message, StringComparison.Ordinal);
        Assert.DoesNotContain("archive", Assert.Throws<InvalidDataException>(() => HistoryFile.Open(File)).Message, StringComparison.Ordinal);
        Pack("something else\n");
        Assert.Contains("make one with 'eventcalls history export FILE'", Assert.Throws<InvalidDataException>(() => HistoryFile.Open(File)).Message, StringComparison.Ordinal);
        await HistoryExport.ToFileAsync(_store, new CallQuery(), File, null, s_now, CancellationToken.None);
        string whole = Unpacked();
        Pack(whole.Replace("\"version\":1", "\"version\":2", StringComparison.Ordinal));
        Assert.Contains("take a newer EventCalls", Assert.Throws<InvalidDataException>(() => HistoryFile.Open(File)).Message, StringComparison.Ordinal);
        Pack(whole[..(whole.LastIndexOf("\n\n", StringComparison.Ordinal) + 1)]);
        Assert.Contains("damaged behind 3 calls: it ends within a call", (await Assert.ThrowsAsync<InvalidDataException>(() => ReplayAsync(_logic, HistoryFile.Open(File)))).Message, StringComparison.Ordinal);
        Pack(whole[..(whole.IndexOf("\n\n", StringComparison.Ordinal) + 2)]);
        Assert.Contains("damaged behind 1 calls: its end is missing", (await Assert.ThrowsAsync<InvalidDataException>(() => ReplayAsync(_logic, HistoryFile.Open(File)))).Message, StringComparison.Ordinal);
    }

    private static Anonymizer Anonymizer(params string[] headers) => new(new AnonymizerOptions { Key = Encoding.ASCII.GetBytes("a key of sixteen bytes and more"), KeptHeaders = headers });

    private static LookupTables Rates(params string[] callers) =>
        LookupTables.From(new Dictionary<string, IReadOnlyDictionary<string, string?>> { ["rates"] = callers.Distinct().ToDictionary(c => c, c => (string?)("rate-" + c[^2..])) });

    private static string Words(ReplayedCall call) => $"{call.Call.CallId} {call.Call.Flow} {call.Started.SipCallId} {call.Verdict} {string.Join(", ", call.Changes)} {string.Join(", ", call.Attempts.Select(a => $"{a.Target} {a.Outcome}"))}";

    private static async Task<List<ReplayedCall>> ReplayAsync(CompiledLogic candidate, IPastCalls calls)
    {
        using var replayer = new Replayer(candidate, new ReplayOptions { Threads = 1, Inputs = calls is HistoryFile { IsAnonymized: true } ? new OtherInputs() : null }, TimeProvider.System);
        var chosen = await ChosenCalls.FindAsync(calls, new CallChoice(), CancellationToken.None);
        var replayed = new List<ReplayedCall>();
        await foreach (var call in replayer.RunAsync(chosen.ReadAsync(null, CancellationToken.None), CancellationToken.None))
            replayed.Add(call);
        return replayed;
    }

    private string Unpacked()
    {
        using var file = new GZipStream(System.IO.File.OpenRead(File), CompressionMode.Decompress);
        using var reader = new StreamReader(file);
        return reader.ReadToEnd();
    }

    private void Pack(string text)
    {
        using var file = new GZipStream(System.IO.File.Create(File), CompressionLevel.Fastest);
        file.Write(Encoding.UTF8.GetBytes(text));
    }
}
