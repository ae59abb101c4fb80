using System.Net.NetworkInformation;
using static EventCalls.Testing.SippProcess;

namespace EventCalls.Testing;

/// <summary>A running SIPp (Debian package <c>sip-tester</c>) on 127.0.0.1.</summary>
public sealed class SippRun : IAsyncDisposable
{
    private readonly SippOptions _options;
    private readonly string _folder;
    private readonly ChildProcess _process;
    private SippResult? _result;

    private SippRun(SippOptions options, string folder, ChildProcess process, int port)
    {
        (_options, _folder, _process, Port) = (options, folder, process, port);
    }

    /// <summary>The SIP port it listens on.</summary>
    public int Port { get; }

    /// <summary>Its process id.</summary>
    public int Id => _process.Id;

    /// <summary>Runs to the end.</summary>
    public static async Task<SippResult> RunAsync(SippOptions options, CancellationToken cancellationToken = default)
    {
        await using var run = await StartAsync(options, cancellationToken);
        return await run.WaitAsync(cancellationToken);
    }

    /// <summary>Starts SIPp; one that waits to be called listens when this returns.</summary>
    /// <exception cref="InvalidOperationException">SIPp did not start; the message says what it wrote.</exception>
    public static async Task<SippRun> StartAsync(SippOptions options, CancellationToken cancellationToken = default)
    {
        var folder = Directory.CreateTempSubdirectory("eventcalls-sipp-").FullName;
        int port = options.Port != 0 ? options.Port : FreePorts.Next();
        var process = Start(options.Scenario, port, folder, Arguments(options, folder), options.Transport, options.Address);
        var run = new SippRun(options, folder, process, port);
        try
        {
            if (options.Remote is null)
                await run.ListensAsync(cancellationToken);
            return run;
        }
        catch
        {
            await run.DisposeAsync();
            throw;
        }
    }

    /// <summary>Waits for its end.</summary>
    /// <exception cref="TimeoutException">It hung beyond its own time limit.</exception>
    public async Task<SippResult> WaitAsync(CancellationToken cancellationToken = default)
    {
        if (_result is not null)
            return _result;
        int exitCode;
        try
        {
            exitCode = await _process.Exited.WaitAsync(_options.Timeout + TimeSpan.FromSeconds(10), cancellationToken);
        }
        catch (TimeoutException)
        {
            await _process.KillAsync();
            throw new TimeoutException($"SIPp hung: {ReadResult(137)}");
        }

        return _result = ReadResult(exitCode);
    }

    /// <summary>Asks it to place no more calls, and waits until the open ones are over.</summary>
    public async Task<SippResult> FinishAsync(CancellationToken cancellationToken = default)
    {
        const int userSignal1 = 10;
        _process.Signal(userSignal1);
        return await WaitAsync(cancellationToken);
    }

    /// <summary>What it saw so far, for a failure message.</summary>
    public string Describe() => $"SIPp {Path.GetFileNameWithoutExtension(_options.Scenario)} on port {Port}: {_result ?? ReadResult(-1)}";

    /// <summary>Kills it, as when the peer's machine dies.</summary>
    public Task KillAsync() => _process.KillAsync();

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _process.DisposeAsync();
        // A test that ends it early ends it again.
        if (Directory.Exists(_folder))
            Directory.Delete(_folder, recursive: true);
    }

    private static List<string> Arguments(SippOptions options, string folder)
    {
        var arguments = new List<string>();
        if (options.Remote is not null)
            arguments.Add(options.Remote);
        arguments.AddRange(["-m", Number(options.Calls), "-r", Number(options.Rate), "-d", Number(options.PauseMs)]);
        arguments.AddRange(["-s", options.Dial, "-key", "caller", options.Caller]);
        arguments.AddRange(["-recv_timeout", Number(options.ReceiveTimeoutMs)]);
        arguments.AddRange(["-timeout", Number((int)Math.Ceiling(options.Timeout.TotalSeconds)), "-timeout_error"]);
        arguments.AddRange(["-trace_err", "-error_file", "errors", .. CountingArguments, "-trace_logs", "-log_file", "logged"]);
        if (options.Transport.EndsWith('n'))
            arguments.AddRange(["-max_socket", Number(1000)]);
        if (options.Limit is { } limit)
            arguments.AddRange(["-l", Number(limit)]);
        if (options.KeepMessages)
            arguments.AddRange(["-trace_msg", "-message_file", "messages"]);
        if (options.CallIdPrefix is { } prefix)
            arguments.AddRange(["-cid_str", prefix + "-%u@%s"]);
        if (options.Rows is { } rows)
        {
            var file = Path.Combine(folder, "rows.csv");
            File.WriteAllLines(file, ["SEQUENTIAL", .. rows.Select(row => string.Join(';', row))]);
            arguments.AddRange(["-inf", file]);
        }

        arguments.AddRange(options.More);
        return arguments;
    }

    private async Task ListensAsync(CancellationToken cancellationToken)
    {
        var clock = System.Diagnostics.Stopwatch.StartNew();
        while (!Listeners().Any(e => e.Port == Port))
        {
            if (_process.Exited.IsCompleted || clock.Elapsed > TimeSpan.FromSeconds(20))
                throw new InvalidOperationException($"SIPp does not listen on port {Port}.\n{Read("errors")}\n{_process.Errors}");
            await Task.Delay(10, cancellationToken);
        }
    }

    private System.Net.IPEndPoint[] Listeners()
    {
        var properties = IPGlobalProperties.GetIPGlobalProperties();
        return _options.Transport.StartsWith('u') ? properties.GetActiveUdpListeners() : properties.GetActiveTcpListeners();
    }

    private SippResult ReadResult(int exitCode)
    {
        var statistics = Statistics(_folder);
        return new SippResult
        {
            ExitCode = exitCode,
            Successful = statistics.Count("SuccessfulCall"),
            Failed = statistics.Count("FailedCall"),
            Retransmissions = statistics.Count("Retransmissions"),
            Statistics = statistics,
            ErrorLog = Read("errors") + _process.Errors,
            Logged = Read("logged").Split('\n', StringSplitOptions.RemoveEmptyEntries),
            Messages = SippMessage.ReadLog(Read("messages")),
        };
    }

    private string Read(string file)
    {
        var path = Path.Combine(_folder, file);
        // Latin-1 keeps every byte of what was on the wire.
        return File.Exists(path) ? File.ReadAllText(path, System.Text.Encoding.Latin1) : "";
    }
}
