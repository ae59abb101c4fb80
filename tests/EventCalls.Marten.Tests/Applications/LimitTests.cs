using EventCalls.Contracts;
using EventCalls.Store;
using EventCalls.Store.Keeping;
using EventCalls.Store.Tests;
using JasperFx;
using JasperFx.Events.Daemon;
using JasperFx.Events.Projections;
using Marten;
using Marten.Events;
using Marten.Exceptions;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace EventCalls.Marten.Tests.Applications;

/// <summary>What docs/marten.md says does not work, and what does although one might doubt it.</summary>
public sealed class LimitTests(MartenFixture fixture) : IClassFixture<MartenFixture>, IAsyncLifetime
{
    private static readonly TimeSpan s_longest = TimeSpan.FromSeconds(60);
    private readonly SampleCalls _calls = new(12);
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
    public async Task An_inline_projection_does_not_run_on_recorded_events()
    {
        using var host = await StartAsync(options => options.Projections.Add<CallRecordProjection>(ProjectionLifecycle.Inline));
        await RecordAsync();
        await using var session = Store(host).LightweightSession();
        Assert.Empty(await session.Query<CallRecord>().ToListAsync());
    }

    [Fact]
    public async Task Records_are_kept_as_documents_by_an_asynchronous_projection()
    {
        using var host = await StartAsync(options => options.Projections.Add<CallRecordProjection>(ProjectionLifecycle.Async));
        var call = await RecordAsync();
        await Store(host).WaitForNonStaleProjectionDataAsync(s_longest);
        await using var session = Store(host).LightweightSession();
        var record = Assert.Single(await session.Query<CallRecord>().Where(r => r.Call.Caller == "+15551230001" && r.Call.Outcome == TransferOutcome.Answered).ToListAsync());
        Assert.Equal(await _store.FindAsync(call[0].CallId.ToString(), default), record.Call);
        Assert.Equal(record.Call, (await session.Events.FetchLatest<CallRecord>(call[0].CallId))!.Call);
    }

    // Marten inserts a row only for an event that says something about every column; for any other one it only updates a row that is there.
    [Fact]
    public async Task A_flat_table_is_filled_when_the_first_event_maps_every_column()
    {
        using var host = await StartAsync(options => options.Projections.Add<HandoffTable>(ProjectionLifecycle.Async));
        await RecordAsync();
        await Store(host).WaitForNonStaleProjectionDataAsync(s_longest);
        await using var source = NpgsqlDataSource.Create(_database);
        await using var command = source.CreateCommand("select target || ' ' || attempts || ' ' || state from analytics.handoffs");
        Assert.Equal("sip:+12222222@127.0.0.1:5090 1 done", await command.ExecuteScalarAsync());
    }

    [Fact]
    public async Task An_event_of_another_application_has_to_be_registered_to_read_its_stream()
    {
        var call = await RecordAsync();
        await fixture.ExecuteAsync(_database, $"""
            insert into mt_events (seq_id, id, stream_id, version, data, type, timestamp, mt_dotnet_type)
            values (nextval('mt_events_sequence'), gen_random_uuid(), '{call[0].CallId}', {call.Count + 1}, '[1]', 'note_taken', now(), 'Crm.NoteTaken, Crm');
            update mt_streams set version = {call.Count + 1} where id = '{call[0].CallId}'
            """);
        using var host = await StartAsync(options => options.Projections.Add<CallRecordProjection>(ProjectionLifecycle.Async));
        await using var session = Store(host).LightweightSession();
        await Assert.ThrowsAsync<UnknownEventTypeException>(() => session.Events.FetchStreamAsync(call[0].CallId));
        Assert.Equal("call_ended", (await session.Events.FetchStreamAsync(call[0].CallId, version: call.Count))[^1].EventTypeName);
        await Store(host).WaitForNonStaleProjectionDataAsync(s_longest);
        Assert.Single(await session.Query<CallRecord>().ToListAsync());
        Assert.Equal(call.Count + 1, (await _store.ReadStreamAsync(call[0].CallId, default)).Count);
        Assert.Equal(1, await ((ICallKeeping)_store).MaskAsync([call[0].CallId], DateTimeOffset.UnixEpoch, default));
    }

    [Fact]
    public async Task Archived_and_erased_calls_are_not_projected_any_more_and_what_was_made_of_them_stays()
    {
        var (archived, erased, kept) = (await RecordAsync(), await RecordAsync(), await RecordAsync());
        using var host = await StartAsync(options => options.Projections.Add<CallRecordProjection>(ProjectionLifecycle.Async));
        await Store(host).WaitForNonStaleProjectionDataAsync(s_longest);
        var keeping = (ICallKeeping)_store;
        Assert.Equal(1, await keeping.ArchiveAsync([archived[0].CallId], DateTimeOffset.UnixEpoch, default));
        Assert.Equal(1, await keeping.EraseAsync([erased[0].CallId], default));
        await using var session = Store(host).QuerySession();
        Assert.Equal(3, await session.Query<CallRecord>().CountAsync());

        using var daemon = await Store(host).BuildProjectionDaemonAsync();
        await host.StopAsync();
        await daemon.RebuildProjectionAsync<CallRecordProjection>(default);
        Assert.Equal([kept[0].CallId], (await session.Query<CallRecord>().ToListAsync()).Select(record => record.Id));
    }

    private async Task<List<CallEvent>> RecordAsync()
    {
        var call = _calls.Bridged();
        await _store.AppendAsync([.. call.Select(EventToAppend.Of)], default);
        return call;
    }

    private async Task<IHost> StartAsync(Action<global::Marten.StoreOptions> configure)
    {
        var builder = Host.CreateApplicationBuilder();
        builder.Logging.ClearProviders();
        builder.Services.AddEventCallsMarten(_database, options =>
        {
            options.DatabaseSchemaName = "analytics";
            options.AutoCreateSchemaObjects = AutoCreate.CreateOrUpdate;
            configure(options);
        }).ApplyAllDatabaseChangesOnStartup().AddAsyncDaemon(DaemonMode.Solo);
        var host = builder.Build();
        await host.StartAsync();
        return host;
    }

    private static IDocumentStore Store(IHost host) => host.Services.GetRequiredService<IDocumentStore>();
}
