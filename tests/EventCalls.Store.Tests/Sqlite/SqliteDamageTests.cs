namespace EventCalls.Store.Tests.Sqlite;

/// <summary>Files with bytes that are not as they were written: an error with what to do, and nothing else.</summary>
public sealed class SqliteDamageTests(SqliteFixture fixture) : IClassFixture<SqliteFixture>
{
    private static readonly SampleCalls s_calls = new(8);

    [Fact]
    public async Task Whatever_bytes_are_flipped_every_reading_and_writing_works_or_says_what_to_do()
    {
        var sound = await MakeAsync();
        var bytes = await File.ReadAllBytesAsync(sound);
        var random = new Random(17);
        int refused = 0;
        int found = 0;
        for (int n = 0; n < 100; n++)
        {
            var copy = (byte[])bytes.Clone();
            for (int flips = random.Next(1, 40); flips > 0; flips--)
                copy[random.Next(copy.Length)] ^= (byte)(1 << random.Next(8));
            var path = await fixture.NewDatabaseAsync();
            await File.WriteAllBytesAsync(path, copy);
            refused += await UseAsync(path);
            await using var store = fixture.Open(path);
            try
            {
                found += (await store.FindDamageAsync(default)).Count > 0 ? 1 : 0;
            }
            catch (StoreUnreachableException)
            {
                found++;
            }
        }
        Assert.True(refused > 20, $"only {refused} uses were refused");
        Assert.True(found > 60, $"damage was seen in {found} files only");
    }

    [Fact]
    public async Task A_file_that_was_cut_off_is_damaged()
    {
        var path = await MakeAsync();
        await using (var file = File.OpenWrite(path))
            file.SetLength(file.Length / 2);
        await using var store = fixture.Open(path);
        try
        {
            Assert.NotEmpty(await store.FindDamageAsync(default));
        }
        catch (StoreUnreachableException e)
        {
            Assert.Contains("damaged", e.Message);
        }
    }

    [Theory]
    [InlineData("update calls set last_event_id = 'x'", "'x' is not an id")]
    [InlineData("update calls set started_at = 'yesterday'", "'yesterday' is not a time")]
    public async Task A_row_that_cannot_be_read_names_what_is_wrong_and_what_to_do(string sql, string reason)
    {
        var path = await MakeAsync();
        await fixture.ExecuteAsync(path, sql);
        await using var store = fixture.Open(path);
        var refused = await Assert.ThrowsAsync<StoreUnreachableException>(() => store.SearchAsync(new CallQuery(), default));
        Assert.Contains(reason, refused.Message);
        Assert.Contains("damaged", refused.Message);
        Assert.Contains(".recover", refused.Message);
    }

    [Fact]
    public async Task An_event_that_is_no_json_any_more_is_named_and_found()
    {
        var path = await MakeAsync();
        await fixture.ExecuteAsync(path, "update events set data = substr(data, 1, 40) where position = 3");
        await using var store = fixture.Open(path);
        StoredEvent? damaged = null;
        await foreach (var e in store.ReadAllAsync(EventRange.All, default))
            damaged = e.Position == 3 ? e : damaged;
        Assert.Contains("Event 3 of call", Assert.Throws<DamagedEventException>(() => damaged!.Read()).Message);
        Assert.Throws<DamagedEventException>(() => damaged!.OccurredAt);
        Assert.Contains("is no JSON", Assert.Single(await store.FindDamageAsync(default)));
    }

    [Fact]
    public async Task A_sound_file_has_nothing_to_find_and_looking_can_be_cancelled()
    {
        await using var store = fixture.Open(await MakeAsync());
        Assert.Empty(await store.FindDamageAsync(default));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => store.FindDamageAsync(new CancellationToken(canceled: true)));
    }

    /// <summary>Uses the file in every way; how often that was refused.</summary>
    private async Task<int> UseAsync(string path)
    {
        await using var store = fixture.Open(path);
        int refused = 0;
        Func<Task>[] uses =
        [
            () => store.MigrateAsync(default),
            () => store.PingAsync(default),
            () => store.SearchAsync(new CallQuery(), default),
            () => store.CountAsync(new CallQuery(), default),
            () => store.ListNodesAsync(default),
            () => store.OpenCallsOfAsync("edge-1", DateTimeOffset.MaxValue, default),
            async () =>
            {
                await foreach (var call in store.ReadCallsAsync(new CallQuery(), default))
                    Read(call.Events);
            },
            async () =>
            {
                await foreach (var e in store.ReadAllAsync(EventRange.All, default))
                    Read([e]);
            },
            async () =>
            {
                foreach (var version in await store.ListLogicVersionsAsync("", default))
                    await store.FindLogicVersionAsync(version, default);
            },
            () => store.AppendAsync([.. s_calls.Bridged().Select(EventToAppend.Of)], default),
            () => store.RebuildProjectionAsync(default),
        ];
        foreach (var use in uses)
        {
            try
            {
                await use();
            }
            catch (Exception e) when (e is StoreUnreachableException or EventRefusedException or DamagedEventException)
            {
                refused++;
            }
        }
        return refused;
    }

    private static void Read(IReadOnlyList<StoredEvent> events)
    {
        foreach (var e in events)
        {
            try
            {
                _ = (e.CausationId, e.OccurredAt, e.Read());
            }
            catch (NotSupportedException)
            {
                // A flipped byte in a name makes another event, which a newer version may know.
            }
        }
    }

    private async Task<string> MakeAsync()
    {
        var path = await fixture.NewDatabaseAsync();
        await using (var store = fixture.Open(path))
        {
            await store.MigrateAsync(default);
            await store.AppendAsync([.. Enumerable.Range(0, 15).SelectMany(_ => s_calls.Any()).Select(EventToAppend.Of)], default);
            await store.SaveHeartbeatAsync(new() { Node = "edge-1", RunningSince = DateTimeOffset.UnixEpoch, At = DateTimeOffset.UnixEpoch }, DateTimeOffset.UnixEpoch, default);
            await store.SaveLogicVersionAsync(new() { Version = "sha256:1", LoadedAt = DateTimeOffset.UnixEpoch, Sources = [new("a.cs", new string('x', 3_000))] }, default);
        }
        // Into one file.
        await fixture.ExecuteAsync(path, "pragma wal_checkpoint(truncate); pragma journal_mode = delete");
        return path;
    }
}
