using System.Collections.Concurrent;
using System.Text;
using EventCalls.Contracts;
using EventCalls.Store;
using EventCalls.Store.Keeping;
using EventCalls.Store.Tests;
using JasperFx;
using JasperFx.Events.Daemon;
using JasperFx.Events.Projections;
using Marten;
using Marten.Events;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;
using IProjectionCoordinator = Marten.Events.Daemon.Coordination.IProjectionCoordinator;

namespace EventCalls.Marten.Tests.Applications;

/// <summary>A .NET application that opens the database with <see cref="EventCallsMarten"/> beside the recorder.</summary>
public sealed class ApplicationTests(MartenFixture fixture) : IClassFixture<MartenFixture>, IAsyncLifetime
{
    private static readonly TimeSpan s_longest = TimeSpan.FromSeconds(60);
    private readonly SampleCalls _calls = new(11);
    private string _database = "";
    private ICallStore _store = null!;

    public async Task InitializeAsync()
    {
        _database = await fixture.NewDatabaseAsync();
        _store = fixture.Open(_database);
        await _store.MigrateAsync(default);
    }

    public async Task DisposeAsync() => await _store.DisposeAsync();

    [Fact]
    public async Task It_reads_a_call_event_by_event_and_as_a_record()
    {
        var failed = Failed();
        await RecordAsync(failed);
        using var host = await StartAsync();
        await using var session = Store(host).QuerySession();
        var events = await session.Events.FetchStreamAsync(failed[0].CallId);
        Assert.Equal(failed.Select(e => (e.EventId, e.GetType(), e.CausationId)), events.Select(e => (e.Id, e.EventType, ((CallEvent)e.Data).CausationId)));

        var record = await session.Events.AggregateStreamAsync<CallRecord>(failed[0].CallId);
        Assert.Equal(await _store.FindAsync(failed[0].CallId.ToString(), default), record!.Call);
        Assert.Equal(
            [(1, TransferOutcome.Busy, "sip:a@127.0.0.1"), (2, TransferOutcome.Answered, "sip:b@127.0.0.1")],
            record.Attempts.Select(a => (a.Number, a.Outcome!.Value, a.Target)));
        Assert.True(record.HasEnded);

        var before = await session.Events.AggregateStreamAsync<CallRecord>(failed[0].CallId, version: 4);
        Assert.Equal((4, false, null), (before!.Call.Version, before.HasEnded, before.Attempts.Single().Outcome));
        Assert.Null(await session.Events.AggregateStreamAsync<CallRecord>(Guid.NewGuid()));
    }

    [Fact]
    public async Task It_asks_for_events_with_LINQ()
    {
        await RecordAsync(Failed(), _calls.Bridged(caller: "+15559990000"));
        using var host = await StartAsync();
        await using var session = Store(host).QuerySession();
        Assert.Equal("carrier", (await session.Events.QueryRawEventDataOnly<CallStarted>().Where(e => e.CallerNumber == "+15559990000").SingleAsync()).Trunk);
        Assert.Equal(2, await session.Events.QueryRawEventDataOnly<TransferCompleted>().CountAsync(e => e.Attempt > 0));
        Assert.Equal(1, await session.Events.QueryAllRawEvents().CountAsync(e => e.EventTypeName == "transfer_failed"));
        var call = await session.Events.QueryAllRawEvents().Where(e => e.EventTypeName == "call_ended").OrderBy(e => e.Sequence).FirstAsync();
        Assert.Equal(call.StreamId.ToString(), call.CorrelationId);
    }

    [Fact]
    public async Task Its_daemon_counts_answered_transfers_by_target_and_hands_each_failed_one_over_once()
    {
        var first = Enumerable.Range(0, 30).Select(_ => _calls.Any()).Append(Failed()).ToList();
        await RecordAsync([.. first]);
        var seen = new ConcurrentQueue<Guid>();
        var recorded = new List<List<CallEvent>>(first);
        using (var host = await StartAsync(DaemonMode.Solo, seen))
        {
            await Store(host).WaitForNonStaleProjectionDataAsync(s_longest);
            var later = Enumerable.Range(0, 20).Select(_ => _calls.Any()).Append(_calls.Bridged()).ToList();
            await RecordAsync([.. later]);
            recorded.AddRange(later);
            await Store(host).WaitForNonStaleProjectionDataAsync(s_longest);
            await host.StopAsync();
        }

        // Another one goes on where it stopped: as one of several that take over from each other.
        var last = Failed();
        await RecordAsync(last);
        recorded.Add(last);
        using var next = await StartAsync(DaemonMode.HotCold, seen);
        await Store(next).WaitForNonStaleProjectionDataAsync(s_longest);
        await using var session = Store(next).QuerySession();

        var events = recorded.SelectMany(call => call).ToList();
        Guid[] failed = [.. events.OfType<TransferFailed>().Select(e => e.EventId).Order()];
        Assert.Equal(failed, seen.Order());
        Assert.Equal(failed, (await session.Query<Complaint>().ToListAsync()).Select(c => c.Id).Order());
        var targets = events.OfType<TransferStarted>().ToDictionary(e => (e.HandoffId, e.Attempt), e => e.Target);
        var answered = events.OfType<TransferCompleted>().CountBy(e => targets[(e.HandoffId, e.Attempt)]).ToDictionary();
        Assert.True(answered.Count > 2);
        Assert.Equal(answered, (await session.Query<TargetAnswers>().ToListAsync()).ToDictionary(t => t.Id, t => t.Answered));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_projection_whose_progress_is_not_where_it_left_it_goes_on_from_the_stored_one(bool isMartensOwn)
    {
        var first = Enumerable.Range(0, 10).Select(_ => _calls.Bridged()).ToList();
        await RecordAsync([.. first]);
        using var host = await StartAsync(DaemonMode.Solo, [], options => options.Projections.LeadershipPollingTime = 200, isMartensOwn);
        await Store(host).WaitForNonStaleProjectionDataAsync(s_longest);
        var stopped = new ConcurrentQueue<string>();
        using var watching = host.Services.GetRequiredService<IProjectionCoordinator>().DaemonForMainDatabase().Tracker.Subscribe(new StopWatch(stopped));

        // As after a commit whose answer was lost, or by another process that took it for its own; the last event of a call is none that they count.
        await using (var source = NpgsqlDataSource.Create(_database))
        {
            await using var moved = source.CreateCommand("update mt_event_progression set last_seq_id = last_seq_id - 1 where name in ('TargetAnswers:All', 'failed-transfers:All')");
            Assert.Equal(2, await moved.ExecuteNonQueryAsync());
        }
        var second = Enumerable.Range(0, 10).Select(_ => _calls.Bridged()).ToList();
        await RecordAsync([.. second]);
        await Store(host).WaitForNonStaleProjectionDataAsync(s_longest);

        Assert.Equal(["TargetAnswers:All", "failed-transfers:All"], stopped.Distinct().Order(StringComparer.Ordinal));
        await using var session = Store(host).QuerySession();
        Assert.Equal(first.Concat(second).SelectMany(call => call).OfType<TransferCompleted>().Count(), (await session.Query<TargetAnswers>().ToListAsync()).Sum(t => t.Answered));
    }

    [Fact]
    public async Task It_appends_an_event_of_its_own_to_an_ended_call_and_ours_are_read_as_before()
    {
        var call = _calls.Bridged();
        await RecordAsync(call);
        var id = call[0].CallId;
        using var host = await StartAsync();
        await using (var session = Store(host).LightweightSession())
        {
            var stream = await session.Events.FetchForWriting<CallRecord>(id);
            Assert.True(stream.Aggregate!.HasEnded);
            stream.AppendOne(new CallReviewed("Ada", 4));
            await session.SaveChangesAsync();
        }
        await using (var session = Store(host).QuerySession())
        {
            Assert.Equal(new CallReviewed("Ada", 4), (await session.Events.FetchStreamAsync(id))[^1].Data);
            var record = await session.Events.AggregateStreamAsync<CallRecord>(id);
            Assert.Equal((call.Count + 1, CallParty.Caller), (record!.Call.Version, record.Call.EndedBy));
            Assert.Equal(1, await session.Events.QueryRawEventDataOnly<CallReviewed>().CountAsync(e => e.Stars > 3));
        }

        var read = await _store.ReadStreamAsync(id, default);
        Assert.Equal([.. call.Select(CallEventNames.Of), "call_reviewed"], read.Select(e => e.Type));
        var row = await _store.FindAsync(id.ToString(), default);
        Assert.Equal(1, await _store.RebuildProjectionAsync(default));
        Assert.Equal(row! with { Version = row.Version + 1, LastEventId = read[^1].EventId }, await _store.FindAsync(id.ToString(), default));

        // What comes late is still kept beside the stream, and a call is masked and erased with everything in it.
        Assert.Equal(0, (await _store.AppendAsync([EventToAppend.Of(_calls.End(call[0]))], default)).Stored);
        var keeping = (ICallKeeping)_store;
        Assert.Equal(1, await keeping.MaskAsync([id], DateTimeOffset.UnixEpoch, default));
        Assert.Equal(1, await keeping.EraseAsync([id], default));
        Assert.Empty(await _store.ReadStreamAsync(id, default));
    }

    [Fact]
    public async Task It_appends_to_a_call_that_goes_on_and_both_writers_keep_their_versions()
    {
        var call = _calls.Bridged();
        using var host = await StartAsync();
        for (int i = 0; i < call.Count; i++)
        {
            await RecordAsync([call[i]]);
            await using var session = Store(host).LightweightSession();
            (await session.Events.FetchForWriting<CallRecord>(call[0].CallId)).AppendOne(new CallReviewed("Ada", i));
            await session.SaveChangesAsync();
        }
        var read = await _store.ReadStreamAsync(call[0].CallId, default);
        Assert.Equal(Enumerable.Range(1, 2 * call.Count).Select(v => (long)v), read.Select(e => e.Version));
        Assert.Equal(call.Select(e => e.EventId), read.Where(e => e.Type != "call_reviewed").Select(e => e.EventId));
    }

    [Fact]
    public async Task A_stream_of_its_own_is_no_call()
    {
        await RecordAsync(_calls.Bridged());
        var own = Guid.NewGuid();
        using var host = await StartAsync();
        await using (var session = Store(host).LightweightSession())
        {
            session.Events.StartStream(own, new CallReviewed("Ada", 5));
            await session.SaveChangesAsync();
            Assert.Null(await session.Events.AggregateStreamAsync<CallRecord>(own));
        }
        await _store.RebuildProjectionAsync(default);
        Assert.Null(await _store.FindAsync(own.ToString(), default));
        Assert.Equal(1, await _store.CountAsync(new CallQuery(), default));
    }

    [Fact]
    public async Task It_cannot_append_what_only_the_recorder_does()
    {
        var call = _calls.Bridged();
        await RecordAsync(call[..^1]);
        using var host = await StartAsync(configure: options => options.Events.MapEventType<CallReviewed>("call_ended"));
        await using var session = Store(host).LightweightSession();
        session.Events.Append(call[0].CallId, call[^1] with { EventId = Guid.NewGuid() });
        Assert.Contains("recorded by EventCalls alone", (await Assert.ThrowsAsync<InvalidOperationException>(() => session.SaveChangesAsync())).Message);
        await using var other = Store(host).LightweightSession();
        other.Events.Append(call[0].CallId, new CallReviewed("Ada", 1));
        Assert.Contains("MapEventType<CallReviewed>", (await Assert.ThrowsAsync<InvalidOperationException>(() => other.SaveChangesAsync())).Message);
        Assert.Equal(call.Count - 1, (await _store.ReadStreamAsync(call[0].CallId, default)).Count);
    }

    [Fact]
    public async Task It_changes_no_table_unless_it_is_told_to()
    {
        using var host = await StartAsync(configure: options => options.AutoCreateSchemaObjects = AutoCreate.None);
        await using var session = Store(host).LightweightSession();
        session.Store(new Complaint(Guid.NewGuid(), Guid.NewGuid(), TransferOutcome.Busy));
        await Assert.ThrowsAnyAsync<Exception>(() => session.SaveChangesAsync());
        await using var untouched = fixture.Open(_database);
        Assert.Empty(await untouched.CheckSchemaAsync(default));
    }

    [Fact]
    public async Task An_application_that_calls_AddMarten_itself_has_the_same_and_leaves_our_tables_alone()
    {
        var failed = Failed();
        await RecordAsync(failed);
        using (var host = await StartAsync(DaemonMode.Solo, [], isMartensOwn: true))
        {
            await Store(host).WaitForNonStaleProjectionDataAsync(s_longest);
            await using (var session = Store(host).QuerySession())
            {
                var record = await session.Events.AggregateStreamAsync<CallRecord>(failed[0].CallId);
                Assert.Equal(await _store.FindAsync(failed[0].CallId.ToString(), default), record!.Call);
                Assert.Equal(failed.OfType<TransferFailed>().Single().EventId, (await session.Query<Complaint>().ToListAsync()).Single().Id);
            }
            await using var own = Store(host).LightweightSession();
            own.Events.Append(failed[0].CallId, failed[^1] with { EventId = Guid.NewGuid() });
            Assert.Contains("recorded by EventCalls alone", (await Assert.ThrowsAsync<InvalidOperationException>(() => own.SaveChangesAsync())).Message);
        }
        Assert.Empty(await _store.CheckSchemaAsync(default));
        var refused = Assert.Throws<InvalidOperationException>(() => new global::Marten.StoreOptions { Events = { UseArchivedStreamPartitioning = true } }.UseEventCalls());
        Assert.Contains("UseArchivedStreamPartitioning", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task It_cannot_have_the_recorders_tables_made_anew()
    {
        foreach (var (name, change) in ((string, Action<IEventStoreOptions>)[])
        [
            ("UseArchivedStreamPartitioning", events => events.UseArchivedStreamPartitioning = true),
            ("StreamIdentity", events => events.StreamIdentity = JasperFx.Events.StreamIdentity.AsString),
            ("TenancyStyle", events => events.TenancyStyle = JasperFx.MultiTenancy.TenancyStyle.Conjoined),
        ])
        {
            var refused = await Assert.ThrowsAsync<InvalidOperationException>(() => StartAsync(DaemonMode.Solo, configure: options => change(options.Events)));
            Assert.Contains($"options.Events.{name} is not as the recorder has it", refused.Message);
        }
        Assert.Empty(await _store.CheckSchemaAsync(default));
    }

    [Fact]
    public async Task It_runs_with_a_role_that_may_change_nothing_of_ours()
    {
        var failed = Failed();
        await RecordAsync(failed);
        var role = $"analyst_{Guid.NewGuid():N}";

        // As docs/marten.md has it.
        await fixture.ExecuteAsync(_database, $"""
            create role {role} login;
            create schema analytics authorization {role};
            grant select, references on all tables in schema public to {role};
            grant select on all sequences in schema public to {role};
            grant insert, update, delete on mt_event_progression, mt_event_projection_floors, mt_high_water_skips, mt_doc_deadletterevent to {role};
            """);
        var mine = new NpgsqlConnectionStringBuilder(_database) { Username = role }.ToString();
        try
        {
            using (var host = await StartAsync(DaemonMode.HotCold, [], database: mine))
            {
                await Store(host).WaitForNonStaleProjectionDataAsync(s_longest);
                await using var session = Store(host).QuerySession();
                Assert.Equal(1, (await session.Query<TargetAnswers>().ToListAsync()).Sum(t => t.Answered));
                Assert.Single(await session.Query<Complaint>().ToListAsync());
                await using var refused = Store(host).LightweightSession();
                (await refused.Events.FetchForWriting<CallRecord>(failed[0].CallId)).AppendOne(new CallReviewed("Ada", 4));
                await Assert.ThrowsAnyAsync<Exception>(() => refused.SaveChangesAsync());
            }
            await fixture.ExecuteAsync(_database, $"grant usage on sequence mt_events_sequence to {role}; grant insert on mt_events, mt_streams to {role}; grant update on mt_streams to {role}");
            using var writing = await StartAsync(database: mine);
            await using (var session = Store(writing).LightweightSession())
            {
                (await session.Events.FetchForWriting<CallRecord>(failed[0].CallId)).AppendOne(new CallReviewed("Ada", 4));
                session.Events.StartStream(Guid.NewGuid(), new CallReviewed("Ada", 5));
                await session.SaveChangesAsync();
            }
            Assert.Equal("call_reviewed", (await _store.ReadStreamAsync(failed[0].CallId, default))[^1].Type);
            Assert.Empty(await _store.CheckSchemaAsync(default));
        }
        finally
        {
            await fixture.ExecuteAsync(_database, $"drop owned by {role}; drop role {role}");
        }
    }

    [Fact]
    public async Task What_it_keeps_in_its_events_and_beside_them_is_masked_with_the_call()
    {
        var call = _calls.Bridged("+15559990000");
        await RecordAsync(call);
        using var host = await StartAsync();
        await using (var session = Store(host).LightweightSession())
        {
            session.SetHeader("reviewed-call-of", "+15559990000");
            session.SetHeader("reviewer", "Ada");
            (session.CausationId, session.CorrelationId) = ("a call of +15559990000", call[0].CallId.ToString());
            (await session.Events.FetchForWriting<CallRecord>(call[0].CallId)).AppendOne(new CallNoted("called 15559990000", 15559990000, new() { ["+15559990000"] = 3 }));
            await session.SaveChangesAsync();
        }
        await fixture.ExecuteAsync(_database, $"""
            insert into mt_events (seq_id, id, stream_id, version, data, type, timestamp, mt_dotnet_type)
            values (nextval('mt_events_sequence'), gen_random_uuid(), '{call[0].CallId}', {call.Count + 2}, '["called 15559990000", 15559990000]', 'numbers_called', now(), 'Crm.NumbersCalled, Crm');
            update mt_streams set version = {call.Count + 2} where id = '{call[0].CallId}'
            """);
        Assert.Equal(1, await ((ICallKeeping)_store).MaskAsync([call[0].CallId], DateTimeOffset.UnixEpoch, default));

        await using var reading = Store(host).QuerySession();
        var noted = (await reading.Events.FetchStreamAsync(call[0].CallId, version: call.Count + 1))[^1];
        var note = (CallNoted)noted.Data;
        Assert.Equal(("called masked", 0L, "+masked"), (note.Text, note.Number, note.Calls.Keys.Single()));
        Assert.Equal(("+masked", "Ada"), (noted.GetHeader("reviewed-call-of")?.ToString(), noted.GetHeader("reviewer")?.ToString()));
        Assert.Equal(("a call of +masked", call[0].CallId.ToString()), (noted.CausationId, noted.CorrelationId));
        Assert.Equal("""["called masked", 0]""", Encoding.UTF8.GetString((await _store.ReadStreamAsync(call[0].CallId, default))[^1].Data.Span));
    }

    private sealed record CallNoted(string Text, long Number, Dictionary<string, int> Calls);

    [Fact]
    public async Task An_application_that_cannot_start_says_why_and_nothing_of_ours_besides()
    {
        var builder = Host.CreateApplicationBuilder();
        var log = new ListLoggerProvider();
        builder.Logging.ClearProviders().AddProvider(log);
        builder.Services.AddEventCallsMarten(_database, options => options.Projections.LeadershipPollingTime = 50).AddAsyncDaemon(DaemonMode.Solo);
        builder.Services.AddHostedService<CannotStart>();
        var host = builder.Build();
        await Assert.ThrowsAsync<IOException>(() => host.StartAsync());
        await ((IAsyncDisposable)host).DisposeAsync();
        Assert.DoesNotContain(log.Lines, line => line.Contains("BackgroundService", StringComparison.Ordinal));
    }

    private sealed class CannotStart : IHostedService
    {
        public async Task StartAsync(CancellationToken cancellationToken)
        {
            await Task.Delay(500, cancellationToken);
            throw new IOException("The address is taken.");
        }

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }

    private sealed class ListLoggerProvider : ILoggerProvider, ILogger
    {
        public ConcurrentQueue<string> Lines { get; } = new();

        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) => Lines.Enqueue(formatter(state, exception));

        public void Dispose()
        {
        }
    }

    [Fact]
    public async Task Its_tables_beside_ours_do_not_bother_us()
    {
        using (var host = await StartAsync(DaemonMode.Solo, new()))
            await host.StopAsync();
        Assert.Empty(await _store.CheckSchemaAsync(default));
        await _store.MigrateAsync(default);
    }

    [Theory]
    [InlineData("nothing of the kind", "no connection string")]
    [InlineData("Database=calls", "names no Host")]
    public void A_connection_string_that_is_none_is_named(string connection, string said)
    {
        var e = Assert.Throws<ArgumentException>(() => new ServiceCollection().AddEventCallsMarten(connection));
        Assert.Contains(said, e.Message);
    }

    // A call whose first target is busy and whose second answers.
    private List<CallEvent> Failed()
    {
        var started = _calls.Start();
        var selected = _calls.Select(started);
        var requested = _calls.Request(
            selected, new Handoff { Method = HandoffMethod.Invite, PhoneNumber = "+1" }, new Handoff { Method = HandoffMethod.Invite, PhoneNumber = "+2" });
        var first = _calls.Try(requested, 1, "sip:a@127.0.0.1");
        var failed = _calls.Fail(first, final: false);
        var second = _calls.Try(requested, 2, "sip:b@127.0.0.1");
        var completed = _calls.Complete(second);
        return [started, selected, requested, first, failed, second, completed, _calls.End(completed)];
    }

    private async Task RecordAsync(params List<CallEvent>[] calls)
    {
        EventToAppend[] events = [.. calls.SelectMany(call => call).Select(EventToAppend.Of)];
        Assert.Equal(events.Length, (await _store.AppendAsync(events, default)).Stored);
    }

    private async Task<IHost> StartAsync(
        DaemonMode daemon = DaemonMode.Disabled, ConcurrentQueue<Guid>? seen = null, Action<global::Marten.StoreOptions>? configure = null, bool isMartensOwn = false, string? database = null)
    {
        var builder = Host.CreateApplicationBuilder();
        builder.Logging.ClearProviders();
        var marten = isMartensOwn
            ? builder.Services.AddMarten(options =>
            {
                options.Connection(database ?? _database);
                Configure(options);
                options.UseEventCalls();
            }).GoOnAfterStops()
            : builder.Services.AddEventCallsMarten(database ?? _database, Configure);
        if (daemon != DaemonMode.Disabled)
            marten.ApplyAllDatabaseChangesOnStartup().AddAsyncDaemon(daemon);
        var host = builder.Build();
        await host.StartAsync();
        return host;

        void Configure(global::Marten.StoreOptions options)
        {
            options.DatabaseSchemaName = "analytics";
            options.AutoCreateSchemaObjects = AutoCreate.CreateOrUpdate;
            options.Events.AddEventTypes([typeof(CallReviewed), typeof(CallNoted)]);
            if (seen is not null)
            {
                options.Projections.Add<AnsweredByTarget>(ProjectionLifecycle.Async);
                options.Projections.Subscribe(new FailedTransfers(seen));
            }
            configure?.Invoke(options);
        }
    }

    /// <summary>Notes which shards stopped because their progress was out of order.</summary>
    private sealed class StopWatch(ConcurrentQueue<string> stopped) : IObserver<ShardState>
    {
        public void OnNext(ShardState value)
        {
            if (value is { Action: ShardAction.Stopped, Exception: ProgressionProgressOutOfOrderException })
                stopped.Enqueue(value.ShardName);
        }

        public void OnError(Exception error)
        {
        }

        public void OnCompleted()
        {
        }
    }

    private static IDocumentStore Store(IHost host) => host.Services.GetRequiredService<IDocumentStore>();
}
