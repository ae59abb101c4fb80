namespace EventCalls.Testing;

/// <summary>A name server of the test's own (Debian package <c>dnsmasq-base</c>) on a free port of 127.0.0.1, in a temporary folder. It asks nobody else: what is not configured does not exist.</summary>
public sealed class NameServer : IAsyncDisposable
{
    private static readonly TimeSpan s_startLimit = TimeSpan.FromSeconds(20);

    private readonly string _folder;
    private readonly ChildProcess _process;

    private NameServer(string folder, ChildProcess process, int port) => (_folder, _process, Port) = (folder, process, port);

    /// <summary>Its port, UDP and TCP.</summary>
    public int Port { get; }

    /// <summary>Its address, as settings name it.</summary>
    public string Address => $"127.0.0.1:{Port}";

    /// <summary>Starts it with records as dnsmasq writes them: <c>host-record=</c>, <c>srv-host=</c>, <c>naptr-record=</c>.</summary>
    /// <exception cref="InvalidOperationException">It did not start; the message says what it wrote.</exception>
    public static async Task<NameServer> StartAsync(IEnumerable<string> records, CancellationToken cancellationToken = default)
    {
        var folder = Directory.CreateTempSubdirectory("eventcalls-dns-").FullName;
        int port = FreePorts.Next();
        var file = Path.Combine(folder, "dnsmasq.conf");
        string[] own = [$"port={port}", "listen-address=127.0.0.1", "bind-interfaces", "no-resolv", "no-hosts", "local=/#/", "local-ttl=60", "pid-file"];
        await File.WriteAllLinesAsync(file, [.. own, .. records], cancellationToken);
        var server = new NameServer(folder, ChildProcess.Start("dnsmasq", ["--keep-in-foreground", "--log-facility=-", $"--conf-file={file}"], folder: folder), port);
        try
        {
            var clock = System.Diagnostics.Stopwatch.StartNew();
            while (!server._process.Errors.Contains("started, version", StringComparison.Ordinal))
            {
                if (server._process.Exited.IsCompleted || clock.Elapsed > s_startLimit)
                    throw new InvalidOperationException($"dnsmasq did not start.\n{server._process.Describe()}");
                await Task.Delay(20, cancellationToken);
            }
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _process.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }
}
