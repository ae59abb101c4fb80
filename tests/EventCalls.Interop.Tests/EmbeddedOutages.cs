using System.Diagnostics;
using System.Text.RegularExpressions;
using EventCalls.Interop.Tests.Fixtures;
using EventCalls.Testing;
using Microsoft.Data.Sqlite;

namespace EventCalls.Interop.Tests;

/// <summary>What goes wrong with one process that has all roles: what was acted on is on record afterwards.</summary>
public partial class EmbeddedOutages : IDisposable
{
    private static readonly TimeSpan s_catchUp = TimeSpan.FromMinutes(1);

    private readonly string _folder = Directory.CreateTempSubdirectory("eventcalls-embedded-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("normal")]
    [InlineData("full")]
    public async Task Killed_in_mid_traffic_again_and_again_it_has_every_call_that_a_caller_saw_answered_or_referred(string durability)
    {
        // A machine that is busy with something else decides late, and a call that gets the default shows nothing here.
        var settings = Settings(("Store__SqliteDurability", durability), ("Routing__DeadlineMs", "60000"));
        var answered = new HashSet<string>();
        var referred = new HashSet<string>();
        var rounds = Stopwatch.StartNew();
        for (int round = 1; round <= 8 && rounds.Elapsed < TimeSpan.FromSeconds(90); round++)
        {
            await using var service = await EventCallsProcess.StartAsync(settings);
            await using var traffic = await Traffic.StartAsync(service.SipAddress, $"kill-{round}", calls: 400, rate: 200);
            await service.UntilStoredAsync($"kill-{round}-{25 + 7 * round}@127.0.0.1", call => call.AnsweredAt is not null);
            await Task.Delay(TimeSpan.FromMilliseconds(13 * round));
            await service.KillAsync();
            await traffic.KillAsync();
            foreach (var message in (await traffic.WaitAsync()).Received)
            {
                if (message.Status == 200 && message.CSeqMethod == "INVITE")
                    answered.Add(message.Header("Call-ID")!);
                if (message.Method == "REFER")
                    referred.Add(message.Header("Call-ID")!);
            }
        }
        Assert.True(referred.Count > 25, $"{referred.Count} calls were referred");

        await using var again = await EventCallsProcess.StartAsync(settings);
        var streams = (await again.ExportAsync()).Where(s => s.Events.Count > 0).ToDictionary(s => s.Only("call_started")["sipCallId"]!);
        // The attempt is on record before the caller is answered for it.
        var lost = answered.Union(referred)
            .Where(id => !streams.TryGetValue(id, out var stream) || !stream.Events.Any(e => e.Type == "transfer_started" && e["method"] == "refer"))
            .ToList();
        Assert.True(lost.Count == 0, $"{lost.Count} of {answered.Count} answered and {referred.Count} referred calls are lost, the first is {lost.FirstOrDefault()}.\n{again.Describe()}");
        Assert.All(streams.Values, s => Assert.Equal(Enumerable.Range(1, s.Events.Count), s.Events.Select(e => e.Version)));
        Assert.Equal(0, await again.TerminateAsync());
    }

    [Fact]
    public async Task While_the_store_is_away_calls_are_taken_the_stop_says_what_is_owed_and_the_next_start_stores_it()
    {
        var settings = Settings(("Calls__DrainSeconds", "1"));
        SippResult result;
        await using (var service = await EventCallsProcess.StartAsync(settings))
        {
            await using (await HoldStoreAsync(settings))
            {
                await using var traffic = await Traffic.StartAsync(service.SipAddress, "away", calls: 300, rate: 100);
                result = (await traffic.WaitAsync()).MustSucceed();
                await MustEndOwingAsync(service, settings.Sqlite + ".spool");
            }
        }

        await using var again = await EventCallsProcess.StartAsync(settings);
        var accepted = Traffic.Accepted(result);
        Assert.Equal(300, accepted.Count);
        var streams = await Traffic.MustBeOnRecordAsync(again, accepted, s_catchUp);
        Assert.All(streams, stream => Assert.Equal(["refer answered"], stream.Outcomes));
        Assert.Equal(0, await again.TerminateAsync());
        Assert.Empty(Directory.EnumerateFiles(settings.Sqlite + ".spool", "*.spool"));
    }

    [Fact]
    public async Task Above_the_spools_bound_new_calls_get_503_and_none_that_was_taken_is_lost()
    {
        var settings = Settings(("Calls__DrainSeconds", "1"), ("Store__SpoolMaxMb", "1"), ("Health__Socket", Path.Combine(_folder, "health.sock")));
        SippResult result;
        await using (var service = await EventCallsProcess.StartAsync(settings))
        await using (await HoldStoreAsync(settings))
        {
            await using var traffic = await Traffic.StartAsync(service.SipAddress, "bound", calls: 600, rate: 150);
            result = await traffic.WaitAsync();

            // The store answers, for reading: that it takes nothing shows at the spool alone.
            var (health, _, exitCode) = await service.CommandAsync("health");
            Assert.Matches(@"(?m)^ok +store ", health);
            Assert.Matches(@"(?m)^failed +spool +\d+ events wait in .*new calls get 503", health);
            Assert.Equal(1, exitCode);
            await MustEndOwingAsync(service, settings.Sqlite + ".spool");
        }

        var accepted = Traffic.Accepted(result);
        Assert.InRange(accepted.Count, 1, 599);
        await using var again = await EventCallsProcess.StartAsync(settings);
        await Traffic.MustBeOnRecordAsync(again, accepted, s_catchUp);
    }

    [Fact]
    public async Task A_full_disk_under_store_and_spool_refuses_calls_and_the_stop_ends_with_a_count()
    {
        // Only who may mount can have a disk of four megabytes; the other tests show the rest of it anywhere.
        if (!Environment.IsPrivilegedProcess || await RunAsync("mount", "-t", "tmpfs", "-o", "size=4m", "tmpfs", _folder) != 0)
            return;
        try
        {
            var settings = Settings(("Calls__DrainSeconds", "1"));
            SippResult result;
            int code;
            long lost;
            await using (var service = await EventCallsProcess.StartAsync(settings))
            {
                await using var traffic = await Traffic.StartAsync(service.SipAddress, "full", calls: 1000, rate: 100);
                result = await traffic.WaitAsync();
                code = await service.TerminateAsync();
                lost = Lost().Match(service.Describe()) is { Success: true } match ? long.Parse(match.Groups[1].ValueSpan, System.Globalization.CultureInfo.InvariantCulture) : 0;
                Assert.Equal(3, code);
                Assert.Contains("events are owed to the store", service.Describe());
            }
            var accepted = Traffic.Accepted(result);
            Assert.InRange(accepted.Count, 50, 990);

            // With room again, what was taken is all there.
            Assert.Equal(0, await RunAsync("mount", "-o", "remount,size=64m", _folder));
            await using var again = await EventCallsProcess.StartAsync(settings);
            Assert.Equal(0, lost);
            await Traffic.MustBeOnRecordAsync(again, accepted, s_catchUp);
        }
        finally
        {
            await RunAsync("umount", _folder);
        }
    }

    private EventCallsSettings Settings(params (string Key, string Value)[] more) => new()
    {
        SipPort = FreePorts.Next(),
        TargetPort = FreePorts.Next(),
        SecondPort = FreePorts.Next(),
        Sqlite = Path.Combine(_folder, "calls.db"),
        More = more.ToDictionary(m => m.Key, m => m.Value),
    };

    private static async Task MustEndOwingAsync(EventCallsProcess service, string spool)
    {
        Assert.Equal(3, await service.TerminateAsync());
        var said = Owed().Match(service.Describe());
        Assert.True(said.Success && said.Groups[2].Value == spool, service.Describe());
        Assert.DoesNotContain("events are lost", service.Describe());
    }

    /// <summary>Another program that holds the file's only write lock.</summary>
    private static async Task<SqliteConnection> HoldStoreAsync(EventCallsSettings settings)
    {
        var connection = new SqliteConnection($"Data Source={settings.Sqlite};Pooling=False");
        await connection.OpenAsync();
        await using var hold = connection.CreateCommand();
        hold.CommandText = "begin immediate";
        await hold.ExecuteNonQueryAsync();
        return connection;
    }

    private static async Task<int> RunAsync(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true })!;
        await process.WaitForExitAsync();
        return process.ExitCode;
    }

    [GeneratedRegex(@"(\d+) events are owed to the store; they are kept in (\S+) and")]
    private static partial Regex Owed();

    [GeneratedRegex(@"(\d+) events are lost")]
    private static partial Regex Lost();
}
