using System.Globalization;
using System.Net.Sockets;

namespace EventCalls.Testing;

/// <summary>A RabbitMQ node of the test's own (Debian package <c>rabbitmq-server</c>) on free ports of 127.0.0.1, in a temporary folder.</summary>
/// <remarks>
/// <c>EVENTCALLS_TEST_RABBITMQ</c> (an amqp URI) makes tests use a given server instead; that one cannot be killed or restarted.
/// </remarks>
public sealed class RabbitMqServer : IAsyncDisposable
{
    /// <summary>Names a server to use instead of starting one.</summary>
    public const string Variable = "EVENTCALLS_TEST_RABBITMQ";

    private static readonly TimeSpan s_startLimit = TimeSpan.FromSeconds(90);
    private readonly string _folder;
    private readonly int _port;
    private readonly int _distributionPort;
    private readonly int _epmdPort;
    private ChildProcess? _epmd;
    private ChildProcess? _node;

    private RabbitMqServer(string folder, int port, int distributionPort, int epmdPort)
    {
        (_folder, _port, _distributionPort, _epmdPort) = (folder, port, distributionPort, epmdPort);
        ConnectionString = $"amqp://guest:guest@127.0.0.1:{port}/";
    }

    private RabbitMqServer(string connectionString)
    {
        (_folder, ConnectionString) = ("", connectionString);
    }

    /// <summary>The amqp URI to connect to.</summary>
    public string ConnectionString { get; }

    /// <summary>Whether this is a server of the test's own, that can be killed and restarted.</summary>
    public bool IsOwn => _folder.Length > 0;

    /// <summary>The node's process id; null while it is down, or a given one.</summary>
    public int? NodeId =>
        File.Exists(PidFile) && int.TryParse(File.ReadAllText(PidFile), CultureInfo.InvariantCulture, out int id) ? id : null;

    /// <summary>Starts a node and waits until it takes connections; or hands out the given one.</summary>
    /// <exception cref="InvalidOperationException">RabbitMQ is not installed, or did not start; the message says what it wrote.</exception>
    public static async Task<RabbitMqServer> StartAsync(CancellationToken cancellationToken = default)
    {
        if (Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } given)
            return new RabbitMqServer(given);
        var folder = Directory.CreateTempSubdirectory("eventcalls-rabbitmq-").FullName;
        var server = new RabbitMqServer(folder, FreePorts.Next(), FreePorts.Next(), FreePorts.Next());
        try
        {
            await File.WriteAllTextAsync(Path.Combine(folder, "rabbitmq.conf"), server.Configuration(), cancellationToken);
            await File.WriteAllTextAsync(Path.Combine(folder, "enabled_plugins"), "[].\n", cancellationToken);
            server._epmd = ChildProcess.Start("epmd", ["-port", $"{server._epmdPort}", "-address", "127.0.0.1"]);
            // A node that finds no epmd starts one of its own, which would outlive the test.
            await server.UntilEpmdAsync((exitCode, _) => exitCode == 0, cancellationToken);
            await server.StartNodeAsync(cancellationToken);
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    /// <summary>Kills the node (SIGKILL), as a power cut would; its data stays.</summary>
    public async Task KillAsync()
    {
        var node = _node ?? throw new InvalidOperationException($"The server named by {Variable} is not ours to kill.");
        if (NodeId is { } id)
            ChildProcess.Kill(id);
        await node.DisposeAsync();
        _node = null;
        // A node whose name epmd still knows may not start again.
        await UntilEpmdAsync((_, names) => !names.Contains($"n{_port} ", StringComparison.Ordinal), CancellationToken.None);
    }

    /// <summary>Starts the node again on the same data and port.</summary>
    public async Task RestartAsync(CancellationToken cancellationToken = default)
    {
        if (_node is not null)
            await KillAsync();
        await StartNodeAsync(cancellationToken);
    }

    /// <summary>Starts the node again on the same port without its data: no queue and no message of before is there.</summary>
    public async Task RestartEmptyAsync(CancellationToken cancellationToken = default)
    {
        if (_node is not null)
            await KillAsync();
        Directory.Delete(Path.Combine(_folder, "data"), recursive: true);
        await StartNodeAsync(cancellationToken);
    }

    /// <summary>Runs a command of <c>rabbitmqctl</c> on the node; its output.</summary>
    /// <exception cref="InvalidOperationException">It failed; the message says what it wrote.</exception>
    public async Task<string> ControlAsync(params string[] arguments)
    {
        await using var control = ChildProcess.Start("/usr/lib/rabbitmq/bin/rabbitmqctl", ["-n", $"n{_port}@localhost", .. arguments], Variables());
        int exitCode = await control.Exited;
        return exitCode == 0 ? control.Output : throw new InvalidOperationException($"rabbitmqctl {string.Join(' ', arguments)} ended with {exitCode}.\n{control.Describe()}");
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (!IsOwn)
            return;
        if (_node is not null)
            await KillAsync();
        if (_epmd is not null)
            await _epmd.DisposeAsync();
        if (Directory.Exists(_folder))
            Directory.Delete(_folder, recursive: true);
    }

    private async Task StartNodeAsync(CancellationToken cancellationToken)
    {
        File.Delete(PidFile);
        _node = ChildProcess.Start(Program(), [], Variables());
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(s_startLimit);
        while (!await TakesConnectionsAsync(limit.Token))
        {
            if (_node.Exited.IsCompleted || limit.IsCancellationRequested)
                throw new InvalidOperationException($"RabbitMQ did not start within {s_startLimit.TotalSeconds} s.\n{_node.Describe()}");
            await Task.Delay(100, cancellationToken);
        }
    }

    private Dictionary<string, string?> Variables() => new()
    {
        ["HOME"] = _folder,
        ["ERL_EPMD_PORT"] = $"{_epmdPort}",
        ["ERL_EPMD_ADDRESS"] = "127.0.0.1",
        ["RABBITMQ_NODENAME"] = $"n{_port}@localhost",
        ["RABBITMQ_NODE_PORT"] = $"{_port}",
        ["RABBITMQ_DIST_PORT"] = $"{_distributionPort}",
        ["RABBITMQ_MNESIA_BASE"] = Path.Combine(_folder, "data"),
        ["RABBITMQ_LOG_BASE"] = Path.Combine(_folder, "log"),
        ["RABBITMQ_CONFIG_FILE"] = Path.Combine(_folder, "rabbitmq.conf"),
        ["RABBITMQ_ENABLED_PLUGINS_FILE"] = Path.Combine(_folder, "enabled_plugins"),
        ["RABBITMQ_PID_FILE"] = PidFile,
        ["RABBITMQ_CONF_ENV_FILE"] = "/dev/null",
        // Two cores are shared with everything else under test.
        ["RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS"] = "+S 2:2 +sbwt none +sbwtdcpu none +sbwtdio none",
    };

    private string PidFile => Path.Combine(_folder, "node.pid");

    private string Configuration() => $"""
        listeners.tcp.1 = 127.0.0.1:{_port}
        loopback_users.guest = true
        log.console.level = warning
        log.file = false
        log.console = true
        vm_memory_high_watermark.absolute = 1GiB
        disk_free_limit.absolute = 50MB

        """;

    // An AMQP client that is answered with the server's first frame: the port is open a little before that.
    private async Task<bool> TakesConnectionsAsync(CancellationToken cancellationToken)
    {
        try
        {
            using var client = new TcpClient();
            await client.ConnectAsync("127.0.0.1", _port, cancellationToken);
            var stream = client.GetStream();
            await stream.WriteAsync("AMQP\0\0\x09\x01"u8.ToArray(), cancellationToken);
            return await stream.ReadAsync(new byte[8], cancellationToken) > 0;
        }
        catch (Exception e) when (e is SocketException or IOException or OperationCanceledException)
        {
            return false;
        }
    }

    private async Task UntilEpmdAsync(Func<int, string, bool> answers, CancellationToken cancellationToken)
    {
        for (int tries = 0; tries < 200; tries++)
        {
            await using var names = ChildProcess.Start("epmd", ["-port", $"{_epmdPort}", "-names"]);
            if (answers(await names.Exited, names.Output))
                return;
            await Task.Delay(50, cancellationToken);
        }

        throw new InvalidOperationException($"epmd on port {_epmdPort} does not answer as it should.\n{_epmd?.Describe()}");
    }

    // The wrapper in sbin changes the user; the server's own script does not.
    private static string Program()
    {
        var program = "/usr/lib/rabbitmq/bin/rabbitmq-server";
        return File.Exists(program)
            ? program
            : throw new InvalidOperationException(
                $"RabbitMQ is not installed: {program} is missing. Install the Debian package rabbitmq-server (infra/test.sh does), or set {Variable} to an amqp URI.");
    }
}
