using EventCalls.Interop.Tests.Fixtures;
using EventCalls.Testing;
using Microsoft.Data.Sqlite;
using Npgsql;

namespace EventCalls.Interop.Tests;

/// <summary>A store that stands still for longer than a node may be silent: no call that lives is recorded as lost.</summary>
public class StoreStalls
{
    private const int Calls = 240;
    private const int Rate = 20;
    private static readonly TimeSpan s_before = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan s_stall = TimeSpan.FromSeconds(9);
    private static readonly TimeSpan s_catchUp = TimeSpan.FromMinutes(2);

    private static readonly Dictionary<string, string> s_impatient = new()
    {
        ["Recorder__NodeTimeoutSeconds"] = "2",
        ["Calls__HeartbeatSeconds"] = "1",
    };

    [Fact]
    public async Task Another_process_holds_the_file()
    {
        await using var service = await EventCallsProcess.StartAsync(new EventCallsSettings { SipPort = FreePorts.Next(), TargetPort = FreePorts.Next(), SecondPort = FreePorts.Next(), More = s_impatient });
        await using var traffic = await Traffic.StartAsync(service.SipAddress, "held", Calls, Rate);
        await Task.Delay(s_before);
        await using (var holder = new SqliteConnection($"Data Source={service.Sqlite};Pooling=False"))
        {
            await holder.OpenAsync();
            await ExecuteAsync(holder.CreateCommand(), "begin immediate");
            await Task.Delay(s_stall);
            await ExecuteAsync(holder.CreateCommand(), "rollback");
        }
        await NobodyIsLostAsync(service, traffic);
    }

    [Fact]
    public async Task A_table_is_locked()
    {
        await using var broker = await RabbitMqServer.StartAsync();
        await using var database = await PostgresServer.StartOwnAsync();
        var settings = EventCallsSettings.Over(broker, database) with { More = s_impatient };
        await using var recorder = await EventCallsProcess.StartAsync(settings.As("recorder", "recorder-1"));
        await using var edge = await EventCallsProcess.StartAsync(settings with { Roles = "ingress,router" });
        await using var traffic = await Traffic.StartAsync(edge.SipAddress, "locked", Calls, Rate);
        await Task.Delay(s_before);
        await using (var holder = new NpgsqlConnection(database.ConnectionString))
        {
            await holder.OpenAsync();
            await using var transaction = await holder.BeginTransactionAsync();
            await ExecuteAsync(holder.CreateCommand(), "lock table mt_events in access exclusive mode");
            await Task.Delay(s_stall);
            await transaction.RollbackAsync();
        }
        await NobodyIsLostAsync(recorder, traffic);
    }

    private static async Task NobodyIsLostAsync(EventCallsProcess service, SippRun traffic)
    {
        var accepted = Traffic.Accepted(await traffic.WaitAsync());
        Assert.NotEmpty(accepted);
        var streams = await Traffic.MustBeOnRecordAsync(service, accepted, s_catchUp);
        var lost = streams.Where(s => s.Ended["cause"] == "node_lost").ToList();
        Assert.True(lost.Count == 0, $"{lost.Count} of {streams.Count} calls are recorded as lost, the first:\n{lost.FirstOrDefault()}\n{service.Describe()}");
    }

    private static async Task ExecuteAsync(System.Data.Common.DbCommand command, string sql)
    {
        await using (command)
        {
            command.CommandText = sql;
            await command.ExecuteNonQueryAsync();
        }
    }
}
