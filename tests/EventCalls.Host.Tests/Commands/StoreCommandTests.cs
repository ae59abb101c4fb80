using System.Text.Json;
using EventCalls.Host.Commands;
using EventCalls.Testing;
using Microsoft.Data.Sqlite;
using Npgsql;

namespace EventCalls.Host.Tests.Commands;

/// <summary>Whether the tables are right, and their SQL, of both stores.</summary>
public sealed class StoreCommandTests
{
    [Fact]
    public async Task A_file_that_is_not_there_is_made_by_the_script_and_is_right_then()
    {
        await using var run = new CommandRun();
        Assert.Equal(ExitCodes.NotSo, await run.RunAsync("store", "check"));
        Assert.Contains("There is no such file", run.Out);
        run.Forget();
        Assert.Equal(ExitCodes.Done, await run.RunAsync("store", "script"));
        Execute(run.Database, run.Out);
        run.Forget();
        Assert.Equal(ExitCodes.Done, await run.RunAsync("store", "check", "--json"));
        using var json = JsonDocument.Parse(Assert.Single(run.OutLines));
        Assert.True(json.RootElement.GetProperty("matches").GetBoolean());
        run.Forget();
        Assert.Equal(ExitCodes.Done, await run.RunAsync("store", "script", "--json"));
        Assert.Contains("\"sql\":null", run.Out);
        await run.StoreAsync(RecordedCalls.ReferredThenBridged());
    }

    [Fact]
    public async Task A_column_and_an_index_that_are_missing_in_a_file_are_named()
    {
        await using var run = new CommandRun();
        await run.StoreAsync(RecordedCalls.ReferredThenBridged());
        Execute(run.Database, "drop index calls_by_caller; alter table calls_nodes drop column interval_seconds; drop table calls_value_changes");
        Assert.Equal(ExitCodes.NotSo, await run.RunAsync("store", "check"));
        Assert.Contains("There is no index calls_by_caller on calls.caller.", run.Out);
        Assert.Contains("There is no column calls_nodes.interval_seconds integer not null.", run.Out);
        Assert.Contains("There is no table calls_value_changes.", run.Out);
        Assert.DoesNotContain("calls_value_changes.name", run.Out);
    }

    [Fact]
    public async Task A_service_that_may_not_change_a_file_says_which_setting_and_what_to_do()
    {
        await using var run = new CommandRun();
        run.Configure("Store:SchemaChanges", "none");
        Assert.Equal(ExitCodes.Unreachable, await run.RunAsync("import", await CaptureAsync(run)));
        Assert.Contains("EventCalls:Store:SchemaChanges is none", run.Error);
        Assert.Contains("eventcalls store script", run.Error);
        Assert.False(File.Exists(run.Database));
    }

    [Fact]
    public async Task A_database_without_tables_is_made_by_the_script_and_used_by_a_service_that_may_change_nothing()
    {
        await using var server = await PostgresServer.StartOwnAsync();
        await using var run = new CommandRun();
        run.Configure("Store:Postgres", server.ConnectionString);
        run.Configure("Store:SchemaChanges", "none");
        Assert.Equal(ExitCodes.NotSo, await run.RunAsync("store", "check"));
        Assert.Contains("There are no tables of EventCalls.", run.Out);
        Assert.Contains("public.mt_events is missing.", run.Out);
        string capture = await CaptureAsync(run);
        Assert.Equal(ExitCodes.Unreachable, await run.RunAsync("import", capture));
        Assert.Contains("EventCalls:Store:SchemaChanges is none", run.Error);

        run.Forget();
        Assert.Equal(ExitCodes.Done, await run.RunAsync("store", "script"));
        await ExecuteAsync(server.ConnectionString, run.Out);
        run.Forget();
        Assert.Equal(ExitCodes.Done, await run.RunAsync("store", "check"));
        Assert.Equal(ExitCodes.Done, await run.RunAsync("import", capture));

        // Whatever comes to be missing is found, and mended by the script.
        await ExecuteAsync(server.ConnectionString, "drop index calls_by_caller; alter table mt_streams drop column compacted_version");
        run.Forget();
        Assert.Equal(ExitCodes.NotSo, await run.RunAsync("store", "check", "--json"));
        Assert.Contains("public.calls is not as it should be.", run.Out);
        Assert.Contains("public.mt_streams is not as it should be.", run.Out);
        run.Forget();
        await run.RunAsync("store", "script");
        await ExecuteAsync(server.ConnectionString, run.Out);
        Assert.Equal(ExitCodes.Done, await run.RunAsync("store", "check"));
    }

    [Fact]
    public async Task A_role_that_may_only_read_and_write_rows_is_told_what_it_needs_and_that_is_enough()
    {
        await using var server = await PostgresServer.StartOwnAsync();
        await ExecuteAsync(server.ConnectionString, "create role calls login");
        await using var run = new CommandRun();
        run.Configure("Store:Postgres", new NpgsqlConnectionStringBuilder(server.ConnectionString) { Username = "calls" }.ToString());
        run.Configure("Store:SchemaChanges", "none");
        Assert.Equal(ExitCodes.Done, await run.RunAsync("store", "script"));
        await ExecuteAsync(server.ConnectionString, run.Out);
        Assert.Equal(ExitCodes.Unreachable, await run.RunAsync("calls", "list"));
        Assert.Contains("select, insert, update and delete on the tables and usage on the sequences", run.Error);

        // As docs/event-store.md has it.
        await ExecuteAsync(server.ConnectionString, "grant select, insert, update, delete on all tables in schema public to calls; grant usage on all sequences in schema public to calls");
        Assert.Equal(ExitCodes.Done, await run.RunAsync("store", "check"));
        Assert.Equal(ExitCodes.Done, await run.RunAsync("import", await CaptureAsync(run)));
        run.Forget();
        Assert.Equal(ExitCodes.Done, await run.RunAsync("calls", "list", "--json"));
        using var call = JsonDocument.Parse(Assert.Single(run.OutLines));
        foreach (string act in (string[])["archive", "mask", "erase"])
            Assert.Equal(ExitCodes.Done, await run.RunAsync("calls", act, call.RootElement.GetProperty("callId").GetString()!, "--yes"));
        run.Forget();
        Assert.Equal(ExitCodes.Done, await run.RunAsync("stats", "--json"));
        Assert.Contains("\"calls\":1", run.Out);
    }

    [Fact]
    public async Task The_tables_of_a_newer_version_are_not_said_to_be_brought_up_to_date()
    {
        await using var run = new CommandRun();
        await run.StoreAsync(RecordedCalls.ReferredThenBridged());
        Execute(run.Database, "pragma user_version = 999");
        foreach (string what in (string[])["check", "script"])
        {
            run.Forget();
            Assert.Equal(ExitCodes.Unreachable, await run.RunAsync("store", what));
            Assert.Contains("newer version", run.Error);
            Assert.Contains("Use that version", run.Error);
            Assert.DoesNotContain("up to date", run.Out);
        }
    }

    [Fact]
    public async Task The_whole_script_needs_no_server_and_makes_an_empty_database_right()
    {
        await using var run = new CommandRun();
        run.Configure("Store:Postgres", $"Host=127.0.0.1;Port={FreePorts.Next()};Username=calls;Database=calls");
        Assert.Equal(ExitCodes.Unreachable, await run.RunAsync("store", "check"));
        run.Forget();
        Assert.Equal(ExitCodes.Done, await run.RunAsync("store", "script", "--new"));
        await using var server = await PostgresServer.StartOwnAsync();
        await ExecuteAsync(server.ConnectionString, run.Out);
        await using var other = new CommandRun();
        other.Configure("Store:Postgres", server.ConnectionString);
        Assert.Equal(ExitCodes.Done, await other.RunAsync("store", "check"));
    }

    /// <summary>A capture of one call, to import.</summary>
    private static async Task<string> CaptureAsync(CommandRun run)
    {
        string id = $"{Guid.NewGuid():N}@carrier";
        var wire = new WireCall(CaptureBytes.Pcap())
            .Request(WireCall.Carrier, WireCall.Us, "INVITE", id)
            .Response(WireCall.Us, WireCall.Carrier, "486 Busy Here", callId: id);
        string file = Path.Combine(run.Folder, "a.pcap");
        await File.WriteAllBytesAsync(file, wire.Bytes);
        return file;
    }

    private static void Execute(string path, string sql)
    {
        using var connection = new SqliteConnection($"Data Source={path};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    private static async Task ExecuteAsync(string database, string sql)
    {
        await using var source = NpgsqlDataSource.Create(database);
        await using var command = source.CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }
}
