using System.Globalization;

namespace EventCalls.Testing;

/// <summary>A PostgreSQL server of the test's own (Debian package <c>postgresql</c>) on a free port of 127.0.0.1, in a temporary folder.</summary>
/// <remarks>
/// <c>EVENTCALLS_TEST_POSTGRES</c> (a connection string of a user who may create databases) makes tests use a given server instead; that
/// one cannot be killed or restarted: <see cref="StartOwnAsync"/> makes one that can.
/// </remarks>
public sealed class PostgresServer : IAsyncDisposable
{
    /// <summary>Names a server to use instead of starting one.</summary>
    public const string Variable = "EVENTCALLS_TEST_POSTGRES";

    private static readonly TimeSpan s_startLimit = TimeSpan.FromSeconds(60);
    private readonly string _programs = "";
    private readonly string _folder = "";
    private readonly bool _durable;
    private ChildProcess? _server;

    private PostgresServer(string connectionString) => ConnectionString = connectionString;

    private PostgresServer(string programs, string folder, int port, bool durable)
    {
        (_programs, _folder, Port, _durable) = (programs, folder, port, durable);
        ConnectionString = $"Host=127.0.0.1;Port={port};Username=postgres;Database=postgres";
    }

    /// <summary>How to connect, as a user who may create databases, to the database <c>postgres</c> or the one given.</summary>
    public string ConnectionString { get; }

    /// <summary>The port; 0 for a given server.</summary>
    public int Port { get; }

    /// <summary>Whether this is a server of the test's own, that can be stopped and started again.</summary>
    public bool IsOwn => _folder.Length > 0;

    /// <summary>The id of the server's first process; null while it is down, or a given one.</summary>
    public int? ProcessId => _server?.Id;

    /// <summary>Whether it was started and has ended by itself.</summary>
    public bool HasEnded => _server is { Exited.IsCompleted: true };

    /// <summary>Starts a server and waits until it takes connections; or hands out the given one.</summary>
    /// <exception cref="InvalidOperationException">PostgreSQL is not installed, or did not start; the message says what it wrote.</exception>
    public static async Task<PostgresServer> StartAsync(CancellationToken cancellationToken = default) =>
        Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } given
            ? new PostgresServer(given)
            : await StartOwnAsync(durable: false, cancellationToken);

    /// <summary>Starts a server of the test's own, whatever is given.</summary>
    /// <param name="durable">Whether commits wait for the disk, as a real server's do; without, tests are faster, and data survives all but a crash of the machine.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <param name="under">The folder its own is made in; null for the system's temporary one.</param>
    /// <exception cref="InvalidOperationException">PostgreSQL is not installed, or did not start; the message says what it wrote.</exception>
    public static async Task<PostgresServer> StartOwnAsync(bool durable = false, CancellationToken cancellationToken = default, string? under = null)
    {
        var programs = Programs();
        var folder = under is null ? Directory.CreateTempSubdirectory("eventcalls-postgres-").FullName : Directory.CreateDirectory(Path.Combine(under, "postgres")).FullName;
        var server = new PostgresServer(programs, folder, FreePorts.Next(), durable);
        try
        {
            if (Environment.IsPrivilegedProcess)
                await RunAsync("chown", ["postgres:postgres", folder]);
            await RunAsync("initdb", ["-D", server.Data, "-U", "postgres", "--auth=trust", "--encoding=UTF8", "--locale=C.UTF-8", "--no-sync"], server);
            await server.StartAgainAsync(cancellationToken);
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    /// <summary>Stops the server in good order: connections end, everything is written (its «fast» way).</summary>
    public Task StopAsync() => EndAsync(2);

    /// <summary>Stops it at once, as a crash would: it recovers from its log at the next start (its «immediate» way).</summary>
    public Task KillAsync() => EndAsync(3);

    /// <summary>Starts it again on the same data and port.</summary>
    public async Task StartAgainAsync(CancellationToken cancellationToken = default)
    {
        if (!IsOwn)
            throw new InvalidOperationException($"The server named by {Variable} is not ours to start.");
        var (file, arguments) = AsPostgres(Path.Combine(_programs, "postgres"), [
            "-D", Data, "-p", $"{Port}", "-k", "", "-c", "listen_addresses=127.0.0.1", "-c", "max_connections=200",
            "-c", $"fsync={(_durable ? "on" : "off")}", "-c", "log_min_messages=fatal"]);
        _server = ChildProcess.Start(file, arguments, new Dictionary<string, string?> { ["PGOPTIONS"] = null }, "/");
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(s_startLimit);
        while (!await TakesConnectionsAsync())
        {
            if (_server.Exited.IsCompleted || limit.IsCancellationRequested)
                throw new InvalidOperationException($"PostgreSQL did not start within {s_startLimit.TotalSeconds} s.\n{_server.Describe()}");
            await Task.Delay(50, cancellationToken);
        }
    }

    /// <summary>Stops and starts it.</summary>
    public async Task RestartAsync(CancellationToken cancellationToken = default)
    {
        if (_server is not null)
            await KillAsync();
        await StartAgainAsync(cancellationToken);
    }

    /// <summary>The processor time of the server and its sessions that are alive, seconds.</summary>
    public double CpuSeconds()
    {
        double ticks = 0;
        foreach (var stat in Directory.EnumerateDirectories("/proc").Select(folder => Path.Combine(folder, "stat")))
        {
            if (ReadStat(stat) is { } fields && (fields.Id == ProcessId || fields.Parent == ProcessId))
                ticks += fields.Ticks + (fields.Id == ProcessId ? fields.EndedChildrenTicks : 0);
        }

        return ticks / 100;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (!IsOwn)
            return;
        if (_server is not null)
            await KillAsync();
        if (Directory.Exists(_folder))
            Directory.Delete(_folder, recursive: true);
    }

    private string Data => Path.Combine(_folder, "data");

    private async Task EndAsync(int signal)
    {
        var server = _server ?? throw new InvalidOperationException("The server is not running, or not ours to stop.");
        server.Signal(signal);
        await server.Exited;
        await server.DisposeAsync();
        _server = null;
    }

    private async Task<bool> TakesConnectionsAsync()
    {
        await using var asking = ChildProcess.Start(Path.Combine(_programs, "pg_isready"), ["-q", "-h", "127.0.0.1", "-p", $"{Port}"]);
        return await asking.Exited == 0;
    }

    private static async Task RunAsync(string program, string[] arguments, PostgresServer? server = null)
    {
        var (file, all) = server is null ? (program, arguments) : AsPostgres(Path.Combine(server._programs, program), arguments);
        await using var run = ChildProcess.Start(file, all, folder: "/");
        if (await run.Exited != 0)
            throw new InvalidOperationException($"{program} failed.\n{run.Describe()}");
    }

    // The server refuses to run as root.
    private static (string File, string[] Arguments) AsPostgres(string file, string[] arguments) => Environment.IsPrivilegedProcess
        ? ("setpriv", ["--reuid=postgres", "--regid=postgres", "--init-groups", file, .. arguments])
        : (file, arguments);

    // Debian keeps the server's programs out of the path, in a folder for each version; the newest is taken.
    private static string Programs()
    {
        const string Versions = "/usr/lib/postgresql";
        var found = (Directory.Exists(Versions) ? Directory.EnumerateDirectories(Versions) : [])
            .OrderByDescending(folder => double.TryParse(Path.GetFileName(folder), CultureInfo.InvariantCulture, out double version) ? version : 0)
            .Select(folder => Path.Combine(folder, "bin"))
            .Concat((Environment.GetEnvironmentVariable("PATH") ?? "").Split(':'))
            .FirstOrDefault(folder => File.Exists(Path.Combine(folder, "initdb")));
        return found ?? throw new InvalidOperationException(
            $"PostgreSQL is not installed: there is no initdb in {Versions}/*/bin nor on the path. Install the Debian package postgresql (infra/test.sh does), or set {Variable} to a connection string.");
    }

    // The name in parentheses may hold spaces; the fields are counted from behind it (proc(5)).
    private static (int Id, int Parent, double Ticks, double EndedChildrenTicks)? ReadStat(string file)
    {
        try
        {
            var stat = File.ReadAllText(file);
            var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
            return (int.Parse(stat.AsSpan(0, stat.IndexOf(' '))), int.Parse(fields[1]), double.Parse(fields[11]) + double.Parse(fields[12]), double.Parse(fields[13]) + double.Parse(fields[14]));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or FormatException)
        {
            return null;
        }
    }
}
