using System.Collections.Concurrent;
using EventCalls.Store;
using EventCalls.Store.Tests.Conformance;
using EventCalls.Testing;
using Npgsql;

namespace EventCalls.Marten.Tests;

/// <summary>One PostgreSQL server for all tests of the assembly that need one, with a database for each test.</summary>
public class MartenFixture : ICallStoreFixture, IAsyncLifetime
{
    private static readonly SemaphoreSlim s_gate = new(1, 1);
    private static PostgresServer? s_server;
    private static int s_users;
    private static int s_databases;
    private readonly ConcurrentBag<string> _made = [];

    public PostgresServer Server => s_server!;

    public async Task InitializeAsync()
    {
        await s_gate.WaitAsync();
        try
        {
            s_users++;
            s_server ??= await PostgresServer.StartAsync();
        }
        finally
        {
            s_gate.Release();
        }
    }

    public async Task DisposeAsync()
    {
        // A given server outlives the tests; what they made there does not.
        if (!Server.IsOwn)
        {
            foreach (var name in _made)
                await ExecuteAsync(Server.ConnectionString, $"drop database {name} with (force)");
        }

        await s_gate.WaitAsync();
        try
        {
            if (--s_users == 0)
            {
                await s_server!.DisposeAsync();
                s_server = null;
            }
        }
        finally
        {
            s_gate.Release();
        }
    }

    public async Task<string> NewDatabaseAsync()
    {
        var name = $"calls_{Environment.ProcessId}_{Interlocked.Increment(ref s_databases)}";
        await ExecuteAsync(Server.ConnectionString, $"create database {name}");
        _made.Add(name);
        return new NpgsqlConnectionStringBuilder(Server.ConnectionString) { Database = name }.ToString();
    }

    public ICallStore Open(string database) => MartenStore.Open(new StoreOptions { Postgres = database, HeaderIndex = HasHeaderIndex });

    protected virtual bool HasHeaderIndex => false;

    public async Task ExecuteAsync(string database, string sql)
    {
        await using var source = NpgsqlDataSource.Create(database);
        await using var command = source.CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }
}

/// <summary>The same, with an index of headers in each database.</summary>
public sealed class HeaderIndexFixture : MartenFixture
{
    protected override bool HasHeaderIndex => true;
}
