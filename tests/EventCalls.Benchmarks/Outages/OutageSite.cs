using EventCalls.Store;
using EventCalls.Testing;
using Npgsql;

namespace EventCalls.Benchmarks.Outages;

/// <summary>The processes and servers of one case, as its faults reach them.</summary>
internal sealed class OutageSite : IAsyncDisposable
{
    private const int SmallDiskMiB = 12;
    private const int ServerDiskMiB = 200;
    private static readonly TimeSpan s_startLimit = TimeSpan.FromMinutes(2);

    private readonly string _folder = Directory.CreateTempSubdirectory("eventcalls-outage-").FullName;
    private readonly Dictionary<string, Service> _services = [];
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

    private bool IsSplit => Kind is SiteKind.Split or SiteKind.SplitProxy or SiteKind.SplitSmallDisk;

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
                site._names = SilentNameServer.Start(site._nameServer, "target.example.test", "127.0.0.1");
            string[] names = site.IsSplit ? ["recorder", "router-1", "router-2", "ingress"] : ["eventcalls"];
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
        string[] roles = IsSplit ? ["--roles", name.Split('-')[0]] : [];
        List<string> program = ["dotnet", Path.Combine(AppContext.BaseDirectory, "eventcalls.dll"), "run", .. roles];
        if (_names is not null)
        {
            // A name server of the process's own: the file is put in the place of the system's for this process alone.
            string resolver = Path.Combine(_folder, "resolv.conf");
            await File.WriteAllTextAsync(resolver, $"nameserver {_nameServer}\noptions timeout:5 attempts:2\n");
            program = ["unshare", "--mount", "/bin/sh", "-c", "mount --bind \"$0\" /etc/resolv.conf && exec \"$@\"", resolver, .. program];
        }
        var process = ChildProcess.Start(program[0], program.Skip(1), Settings(name), _folder);
        var service = _services[name] = new Service(process, _services.TryGetValue(name, out var before) ? before.Log + before.Process.Errors : "");
        await service.Process.WaitForLineAsync(line => line == "ready", s_startLimit, CancellationToken.None);
    }

    /// <summary>kill -9.</summary>
    public Task KillAsync(string name) => _services[name].Process.KillAsync();

    /// <summary>SIGTERM; the exit code, -1 when it did not end in two minutes.</summary>
    public async Task<int> TerminateAsync(string name)
    {
        var process = _services[name].Process;
        process.Terminate();
        try
        {
            return await process.Exited.WaitAsync(TimeSpan.FromMinutes(2));
        }
        catch (TimeoutException)
        {
            await process.KillAsync();
            return -1;
        }
    }

    /// <summary>SIGSTOP, and after a while SIGCONT.</summary>
    public async Task FreezeAsync(string name, TimeSpan time) => await FreezeAsync(_services[name].Process.Signal, time);

    /// <summary>Freezes the broker.</summary>
    public async Task FreezeBrokerAsync(TimeSpan time)
    {
        var ids = Load.ProcessMeter.Below(Environment.ProcessId, "beam.smp");
        await FreezeAsync(signal => { foreach (int id in ids) Signals.Send(id, signal); }, time);
    }

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

    private Dictionary<string, string?> Settings(string name)
    {
        var settings = new Dictionary<string, string?>
        {
            ["EventCalls__Node"] = name == "ingress" || !IsSplit ? "edge-1" : name,
            ["EventCalls__Trunks__carrier__From__0"] = "127.0.0.0/8",
            ["EventCalls__Trunks__target__To__0"] = _names is null ? $"sip:127.0.0.1:{TargetPort};transport=udp" : $"sip:target.example.test:{TargetPort};transport=udp",
            ["EventCalls__Routing__Logic"] = Path.Combine(AppContext.BaseDirectory, "Load", "Logic"),
            ["EventCalls__Sip__Listen__0"] = name == Ingress ? $"udp:127.0.0.1:{SipPort}" : "udp:127.0.0.1:0",
        };
        if (IsSplit)
        {
            settings["EventCalls__Bus__RabbitMq"] = Broker.ConnectionString;
            settings["EventCalls__Store__Postgres"] = _proxy is null ? Database.ConnectionString : new NpgsqlConnectionStringBuilder(Database.ConnectionString) { Port = _proxy.Port }.ToString();
        }
        else
        {
            settings["EventCalls__Store__Sqlite"] = Sqlite;
        }
        return settings;
    }

    private static async Task FreezeAsync(Action<int> signal, TimeSpan time)
    {
        const int stop = 19;
        const int goOn = 18;
        signal(stop);
        try
        {
            await Task.Delay(time);
        }
        finally
        {
            signal(goOn);
        }
    }

    private sealed record Service(ChildProcess Process, string Log);
}
