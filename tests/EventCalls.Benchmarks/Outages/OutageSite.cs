using System.Diagnostics;
using EventCalls.Benchmarks.Running;
using EventCalls.Store;
using EventCalls.Testing;
using Npgsql;

namespace EventCalls.Benchmarks.Outages;

/// <summary>The processes and servers of one case, as its faults reach them.</summary>
internal sealed class OutageSite : IAsyncDisposable
{
    private const int SmallDiskMiB = 12;
    private const int ServerDiskMiB = 200;
    private const string TargetName = "target.example.test";
    private static readonly TimeSpan s_stopLimit = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan s_leftovers = TimeSpan.FromSeconds(45);

    private readonly string _folder = Directory.CreateTempSubdirectory("eventcalls-outage-").FullName;
    private readonly Dictionary<string, Service> _services = [];
    private readonly List<string> _problems = [];
    private readonly string _nameServer = $"127.0.{Environment.ProcessId % 200 + 1}.53";
    private RabbitMqServer? _broker;
    private PostgresServer? _database;
    private StallingProxy? _proxy;
    private SmallDisk? _disk;
    private SilentNameServer? _names;

    private OutageSite(SiteKind kind) => Kind = kind;

    public SiteKind Kind { get; }

    public int SipPort { get; } = FreePorts.Next();

    public int TargetPort { get; } = FreePorts.Next();

    public RabbitMqServer Broker => _broker ?? throw new InvalidOperationException("This site has no broker.");

    public PostgresServer Database => _database ?? throw new InvalidOperationException("This site has no database server.");

    public StallingProxy Proxy => _proxy ?? throw new InvalidOperationException("This site has no proxy.");

    public SmallDisk Disk => _disk ?? throw new InvalidOperationException("This site has no small disk.");

    public SilentNameServer Names => _names ?? throw new InvalidOperationException("This site has no name server.");

    /// <summary>The SQLite file.</summary>
    public string Sqlite => Path.Combine(_disk?.Folder ?? _folder, "calls.db");

    private bool IsSplit => Kind is SiteKind.Split or SiteKind.SplitAlone or SiteKind.SplitProxy or SiteKind.SplitSmallDisk;

    /// <summary>Starts everything; completes when calls can come in.</summary>
    public static async Task<OutageSite> StartAsync(SiteKind kind)
    {
        var site = new OutageSite(kind);
        try
        {
            if (site.IsSplit)
            {
                site._broker = await RabbitMqServer.StartAsync();
                if (kind == SiteKind.SplitSmallDisk)
                    site._disk = await SmallDisk.MountAsync(ServerDiskMiB);
                site._database = await PostgresServer.StartOwnAsync(under: site._disk?.Folder);
            }
            if (kind == SiteKind.SplitProxy)
                site._proxy = new StallingProxy(site.Database.Port);
            if (kind == SiteKind.EmbeddedSmallDisk)
                site._disk = await SmallDisk.MountAsync(SmallDiskMiB);
            if (kind == SiteKind.EmbeddedNames)
                site._names = SilentNameServer.Start(site._nameServer, TargetName, "127.0.0.1");
            string[] names = kind == SiteKind.SplitAlone ? ["recorder", "ingress"] : site.IsSplit ? ["recorder", "router-1", "router-2", "ingress"] : ["eventcalls"];
            foreach (string name in names)
                await site.StartServiceAsync(name);
            return site;
        }
        catch
        {
            await site.DisposeAsync();
            throw;
        }
    }

    /// <summary>The process that takes SIP.</summary>
    public string Ingress => IsSplit ? "ingress" : "eventcalls";

    /// <summary>The process that stores.</summary>
    public string Recorder => IsSplit ? "recorder" : "eventcalls";

    /// <summary>Starts a process, or starts it again.</summary>
    public async Task StartServiceAsync(string name)
    {
        List<string> within = [];
        if (_names is not null)
        {
            // A name server of the process's own: the file is put in the place of the system's for this process alone.
            string resolver = Path.Combine(_folder, "resolv.conf");
            await File.WriteAllTextAsync(resolver, $"nameserver {_nameServer}\noptions timeout:5 attempts:2\n");
            within = ["unshare", "--mount", "/bin/sh", "-c", "mount --bind \"$0\" /etc/resolv.conf && exec \"$@\"", resolver];
        }
        string before = _services.TryGetValue(name, out var earlier) ? earlier.Log + earlier.Process.Errors : "";
        var process = await ServiceProcess.StartAsync(Settings(name), _folder, Roles(name), within: within);
        _services[name] = new Service(process, before);
    }

    /// <summary>kill -9.</summary>
    public Task KillAsync(string name) => _services[name].Process.KillAsync();

    /// <summary>SIGTERM; another exit code than those expected, or no end within two minutes, is one of the <see cref="Problems"/>.</summary>
    public async Task TerminateAsync(string name, params int[] expected)
    {
        var process = _services[name].Process;
        process.Terminate();
        try
        {
            int code = await process.Exited.WaitAsync(s_stopLimit);
            if (!expected.Contains(code))
                _problems.Add($"{name} ended with {code} on SIGTERM");
        }
        catch (TimeoutException)
        {
            _problems.Add($"{name} did not end within {s_stopLimit.TotalSeconds} s of SIGTERM");
            await process.KillAsync();
        }
    }

    /// <summary>SIGSTOP, and after a while SIGCONT.</summary>
    public Task FreezeAsync(string name, TimeSpan time) => Signals.FreezeAsync(_services[name].Process.Id, time);

    /// <summary>Freezes the broker.</summary>
    public Task FreezeBrokerAsync(TimeSpan time) => Signals.FreezeAsync(Broker.NodeId ?? throw new InvalidOperationException("The broker is not ours to freeze."), time);

    /// <summary>Holds a lock on the events of PostgreSQL.</summary>
    public async Task LockEventsAsync(TimeSpan time)
    {
        await using var connection = new NpgsqlConnection(Database.ConnectionString);
        await connection.OpenAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        await using var command = new NpgsqlCommand("lock table mt_events in access exclusive mode", connection, transaction);
        await command.ExecuteNonQueryAsync();
        await Task.Delay(time);
        await transaction.RollbackAsync();
    }

    /// <summary>Holds the write lock of the SQLite file.</summary>
    public async Task LockFileAsync(TimeSpan time)
    {
        await using var connection = new Microsoft.Data.Sqlite.SqliteConnection($"Data Source={Sqlite};Pooling=False");
        await connection.OpenAsync();
        await using var command = connection.CreateCommand();
        command.CommandText = "begin immediate";
        await command.ExecuteNonQueryAsync();
        await Task.Delay(time);
        command.CommandText = "rollback";
        await command.ExecuteNonQueryAsync();
    }

    /// <summary>The store as it is read afterwards, around the proxy.</summary>
    public StoreOptions Store => IsSplit ? new StoreOptions { Postgres = Database.ConnectionString } : new StoreOptions { Sqlite = Sqlite };

    /// <summary>What a process wrote in all its runs, for people who look for the reason.</summary>
    public IEnumerable<(string Name, string Log)> Logs => _services.Select(s => (s.Key, s.Value.Log + s.Value.Process.Errors));

    /// <summary>What went otherwise than it should have while the fault was there.</summary>
    public IReadOnlyList<string> Problems => _problems;

    /// <summary>Waits until the broker's queues are empty; otherwise, what they still hold when a message that failed must long have come again: nobody takes it, or everybody fails on it.</summary>
    public async Task<IReadOnlyList<string>> LeftOnBrokerAsync()
    {
        if (!IsSplit)
            return [];
        var clock = Stopwatch.StartNew();
        while (true)
        {
            string listed = await Broker.ControlAsync("list_queues", "--quiet", "--no-table-headers", "name", "messages");
            // Heartbeats come all the time: one of them is always on its way.
            var left = listed.Split('\n').Select(line => line.Split('\t')).Where(q => q is [not "eventcalls-heartbeats", not "0"]).Select(q => $"{q[1]} in {q[0]}").ToList();
            if (left.Count == 0 || clock.Elapsed > s_leftovers)
                return left;
            await Task.Delay(1000);
        }
    }

    /// <summary>Whether a process of the site is not there that should be.</summary>
    public IReadOnlyList<string> Dead => [.. _services.Where(s => s.Value.Process.Exited.IsCompleted).Select(s => s.Key)];

    public async ValueTask DisposeAsync()
    {
        foreach (var service in _services.Values)
            await service.Process.DisposeAsync();
        if (_proxy is not null)
            await _proxy.DisposeAsync();
        if (_database is not null)
            await _database.DisposeAsync();
        if (_broker is not null)
            await _broker.DisposeAsync();
        if (_names is not null)
            await _names.DisposeAsync();
        if (_disk is not null)
            await _disk.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    private string? Roles(string name) => Kind switch
    {
        _ when !IsSplit => null,
        SiteKind.SplitAlone when name == Ingress => "ingress,router",
        _ => name.Split('-')[0],
    };

    private ServiceSettings Settings(string name) => new()
    {
        Node = name == "ingress" || !IsSplit ? "edge-1" : name,
        SipPort = name == Ingress ? SipPort : 0,
        Logic = Path.Combine("Load", "Logic"),
        Targets = new Dictionary<string, string> { ["target"] = $"sip:{(_names is null ? "127.0.0.1" : TargetName)}:{TargetPort};transport=udp" },
        RabbitMq = IsSplit ? Broker.ConnectionString : null,
        Store = IsSplit
            ? new StoreOptions { Postgres = _proxy is null ? Database.ConnectionString : new NpgsqlConnectionStringBuilder(Database.ConnectionString) { Port = _proxy.Port }.ToString() }
            : Store,
    };

    private sealed record Service(ChildProcess Process, string Log);
}
