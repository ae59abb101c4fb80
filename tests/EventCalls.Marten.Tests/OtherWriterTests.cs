using EventCalls.Contracts;
using EventCalls.Store;
using EventCalls.Store.Tests;
using Npgsql;

namespace EventCalls.Marten.Tests;

/// <summary>Another program, such as one that uses Marten, writes to the same tables.</summary>
public sealed class OtherWriterTests(MartenFixture fixture) : IClassFixture<MartenFixture>, IAsyncLifetime
{
    private readonly SampleCalls _calls = new(3);
    private ICallStore _store = null!;
    private NpgsqlDataSource _source = null!;

    public async Task InitializeAsync()
    {
        var database = await fixture.NewDatabaseAsync();
        _store = fixture.Open(database);
        await _store.MigrateAsync(CancellationToken.None);
        _source = NpgsqlDataSource.Create(database);
    }

    public async Task DisposeAsync()
    {
        await _store.DisposeAsync();
        await _source.DisposeAsync();
    }

    [Fact]
    public async Task Its_events_count_as_versions_and_are_read_with_ours()
    {
        var started = _calls.Start();
        await AppendAsync(started);
        var note = Guid.NewGuid();
        await using (var connection = await _source.OpenConnectionAsync())
            await AppendAsMartenAsync(connection, started.CallId, note, version: 2);

        // The state of the stream that the store kept is out of date now.
        var selected = _calls.Select(started);
        await AppendAsync(selected, _calls.Request(selected));

        var stream = await _store.ReadStreamAsync(started.CallId, CancellationToken.None);
        Assert.Equal([1, 2, 3, 4], stream.Select(e => e.Version));
        Assert.Equal(["call_started", "note_taken", "flow_selected", "handoff_requested"], stream.Select(e => e.Type));
        Assert.Equal((note, Guid.Empty), (stream[1].EventId, stream[1].CausationId));
        Assert.Throws<NotSupportedException>(stream[1].Read);
        var kept = await _store.FindAsync(started.CallId.ToString(), CancellationToken.None);
        Assert.Equal((4, "support"), (kept!.Version, kept.Flow));
        await _store.RebuildProjectionAsync(CancellationToken.None);
        Assert.Equal(kept, await _store.FindAsync(started.CallId.ToString(), CancellationToken.None));
    }

    [Fact]
    public async Task An_append_waits_for_its_open_transaction_and_goes_on_from_its_version()
    {
        var started = _calls.Start();
        await AppendAsync(started);
        var connection = await _source.OpenConnectionAsync();
        var transaction = await connection.BeginTransactionAsync();
        await AppendAsMartenAsync(connection, started.CallId, Guid.NewGuid(), version: 2);

        var appending = AppendAsync(_calls.Select(started));
        await WaitForLockAsync();
        Assert.False(appending.IsCompleted);
        await transaction.CommitAsync();
        await connection.DisposeAsync();
        await appending;
        Assert.Equal([1, 2, 3], (await _store.ReadStreamAsync(started.CallId, CancellationToken.None)).Select(e => e.Version));
    }

    [Fact]
    public async Task A_reader_by_position_waits_for_its_open_transaction_and_misses_nothing()
    {
        var early = _calls.Start();
        await AppendAsync(early);
        await using var connection = await _source.OpenConnectionAsync();
        var transaction = await connection.BeginTransactionAsync();
        var hidden = Guid.NewGuid();
        await AppendAsMartenAsync(connection, early.CallId, hidden, version: 2);
        var later = _calls.Start();
        await AppendAsync(later);

        var reading = ReadAllAsync(0);
        await Task.Delay(100);
        Assert.False(reading.IsCompleted);
        await transaction.CommitAsync();
        Assert.Equal([early.EventId, hidden, later.EventId], (await reading).Select(e => e.EventId));
    }

    [Fact]
    public async Task A_position_whose_transaction_was_rolled_back_is_passed_over()
    {
        await AppendAsync(_calls.Start());
        await using (var connection = await _source.OpenConnectionAsync())
        await using (var transaction = await connection.BeginTransactionAsync())
        {
            await using var draw = new NpgsqlCommand("select nextval('mt_events_sequence')", connection, transaction);
            await draw.ExecuteScalarAsync();
            await transaction.RollbackAsync();
        }
        await AppendAsync(_calls.Start());
        Assert.Equal([1, 3], (await ReadAllAsync(0)).Select(e => e.Position));
    }

    [Fact]
    public async Task A_read_that_wants_nothing_new_waits_for_nobody()
    {
        await AppendAsync(_calls.Start());
        await using var connection = await _source.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        await using var draw = new NpgsqlCommand("select nextval('mt_events_sequence')", connection, transaction);
        long drawn = (long)(await draw.ExecuteScalarAsync())!;
        Assert.Empty(await ReadAllAsync(drawn));
    }

    private async Task AppendAsync(params CallEvent[] events) =>
        Assert.Equal(events.Length, (await _store.AppendAsync([.. events.Select(EventToAppend.Of)], CancellationToken.None)).Stored);

    private async Task<List<StoredEvent>> ReadAllAsync(long after)
    {
        var all = new List<StoredEvent>();
        await foreach (var e in _store.ReadAllAsync(new EventRange { AfterPosition = after }, CancellationToken.None))
            all.Add(e);
        return all;
    }

    private static async Task AppendAsMartenAsync(NpgsqlConnection connection, Guid stream, Guid id, long version)
    {
        await using var batch = new NpgsqlBatch(connection)
        {
            BatchCommands =
            {
                new NpgsqlBatchCommand("update mt_streams set version = $1, timestamp = now() where id = $2") { Parameters = { new() { Value = version }, new() { Value = stream } } },
                new NpgsqlBatchCommand("""
                    insert into mt_events (seq_id, id, stream_id, version, data, type, timestamp, mt_dotnet_type)
                    values (nextval('mt_events_sequence'), $1, $2, $3, '{"text": "called back"}', 'note_taken', now(), 'Crm.NoteTaken, Crm')
                    """)
                {
                    Parameters = { new() { Value = id }, new() { Value = stream }, new() { Value = version } },
                },
            },
        };
        await batch.ExecuteNonQueryAsync();
    }

    private async Task WaitForLockAsync()
    {
        for (bool waits = false; !waits; await Task.Delay(5))
        {
            await using var command = _source.CreateCommand("select exists (select 1 from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database())");
            waits = (bool)(await command.ExecuteScalarAsync())!;
        }
    }
}
