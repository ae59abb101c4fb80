using System.Text;
using EventCalls.Contracts;
using EventCalls.Store.Keeping;

namespace EventCalls.Store.Tests.Sqlite;

/// <summary>What was masked or erased is not in the file either, for whoever looks into its bytes.</summary>
public sealed class SqliteForgettingTests(SqliteFixture fixture) : IClassFixture<SqliteFixture>
{
    private const string Secret = "15550047110815";
    private readonly SampleCalls _calls = new(5);

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task The_bytes_of_the_files_do_not_have_it_any_more(bool isErased)
    {
        var path = await fixture.NewDatabaseAsync();
        await using var store = fixture.Open(path);
        await store.MigrateAsync(default);
        var some = Enumerable.Range(0, 60).Select(n => Long(_calls.Bridged(n % 2 == 0 ? "+15551230001" : $"+{Secret}"))).ToList();

        // Event by event: rows change several times, and pages are divided.
        for (int i = 0; i < 9; i++)
            await store.AppendAsync([.. some.Select(call => EventToAppend.Of(call[i]))], default);
        Assert.True(Holds(path));

        Guid[] ids = [.. some.Where(call => ((CallStarted)call[0]).CallerNumber == $"+{Secret}").Select(call => call[0].CallId)];
        var keeping = (ICallKeeping)store;
        Assert.Equal(30, isErased ? await keeping.EraseAsync(ids, default) : await keeping.MaskAsync(ids, DateTimeOffset.UnixEpoch, default));
        Assert.False(Holds(path));
        Assert.Equal(isErased ? 30 : 60, await store.CountAsync(new CallQuery(), default));
        Assert.Empty(await store.FindDamageAsync(default));
    }

    // Its first event is longer than a page.
    private static List<CallEvent> Long(List<CallEvent> call)
    {
        var started = (CallStarted)call[0];
        call[0] = started with { Headers = [.. started.Headers, .. Enumerable.Range(0, 200).Select(n => new SipHeader($"X-{n}", $"of {started.CallerNumber}"))] };
        return call;
    }

    private static bool Holds(string path) => new[] { path, $"{path}-wal" }.Where(File.Exists).Any(file =>
    {
        using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        using var bytes = new MemoryStream();
        stream.CopyTo(bytes);
        return bytes.ToArray().AsSpan().IndexOf(Encoding.UTF8.GetBytes(Secret)) >= 0;
    });
}
