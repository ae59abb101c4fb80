using System.Globalization;
using System.Net.NetworkInformation;
using System.Net.Sockets;
using System.Text;
using System.Text.RegularExpressions;

namespace EventCalls.Testing;

/// <summary>A headless linphone (Debian package <c>linphone-cli</c>): a real user agent on 127.0.0.1, with the stack of the Linphone applications, controlled over the socket of its daemon.</summary>
public sealed partial class LinphoneAgent : IAsyncDisposable
{
    private static readonly TimeSpan s_startLimit = TimeSpan.FromSeconds(20);
    private readonly string _folder;
    private readonly ChildProcess _process;
    private readonly List<string> _events = [];
    private readonly SemaphoreSlim _one = new(1);
    private Socket? _control;

    private LinphoneAgent(string folder, ChildProcess process, int port) => (_folder, _process, Port) = (folder, process, port);

    /// <summary>Its SIP port, UDP and TCP.</summary>
    public int Port { get; }

    /// <summary>Starts it and waits until it can be controlled. It answers calls by itself.</summary>
    /// <param name="port">Its port; 0 for a free one.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="InvalidOperationException">It did not start; the message says what it wrote.</exception>
    public static async Task<LinphoneAgent> StartAsync(int port = 0, CancellationToken cancellationToken = default)
    {
        var folder = Directory.CreateTempSubdirectory("eventcalls-linphone-").FullName;
        if (port == 0)
            port = FreePorts.Next();
        Directory.CreateDirectory(Path.Combine(folder, ".local", "share", "linphone"));
        Directory.CreateDirectory(Path.Combine(folder, ".config", "linphone"));
        await File.WriteAllTextAsync(Path.Combine(folder, "linphonerc"), Configuration(port, FreePorts.Range(4)), cancellationToken);
        string pipe = PipeOf(folder);
        var process = ChildProcess.Start(
            "linphone-daemon",
            ["--pipe", pipe, "--config", Path.Combine(folder, "linphonerc"), "--log", LogIn(folder), "--disable-stats-events", "--auto-answer"],
            new Dictionary<string, string?> { ["HOME"] = folder, ["XDG_DATA_HOME"] = null, ["XDG_CONFIG_HOME"] = null },
            folder);
        var agent = new LinphoneAgent(folder, process, port);
        try
        {
            await agent.ConnectAsync(Path.Combine("/tmp", pipe), cancellationToken);
            await agent.ListenAsync(cancellationToken);
            return agent;
        }
        catch
        {
            await agent.DisposeAsync();
            throw;
        }
    }

    /// <summary>Runs a command of the daemon (<c>call</c>, <c>terminate</c>, <c>call-transfer</c> …) and returns what it answered.</summary>
    /// <exception cref="InvalidOperationException">It refused it.</exception>
    public async Task<string> CommandAsync(string command, CancellationToken cancellationToken = default)
    {
        await _one.WaitAsync(cancellationToken);
        try
        {
            await _control!.SendAsync(Encoding.UTF8.GetBytes(command + "\n"), cancellationToken);
            var answer = new StringBuilder();
            var buffer = new byte[16_384];
            do
            {
                int read = await _control.ReceiveAsync(buffer, cancellationToken).AsTask().WaitAsync(TimeSpan.FromSeconds(10), cancellationToken);
                if (read == 0)
                    throw new InvalidOperationException($"linphone ended.\n{Describe()}");
                answer.Append(Encoding.UTF8.GetString(buffer, 0, read));
            }
            while (!answer.ToString().EndsWith('\n'));
            return answer.ToString().StartsWith("Status: Ok", StringComparison.Ordinal) ? answer.ToString() : throw new InvalidOperationException($"linphone refused '{command}': {answer}");
        }
        finally
        {
            _one.Release();
        }
    }

    /// <summary>Calls an address; the daemon's number of the call.</summary>
    public async Task<int> DialAsync(string address, CancellationToken cancellationToken = default) =>
        int.Parse(IdLine().Match(await CommandAsync($"call {address}", cancellationToken)).Groups[1].Value, CultureInfo.InvariantCulture);

    /// <summary>Waits until a call is in a state (<c>LinphoneCallStreamsRunning</c>, <c>LinphoneCallReleased</c> …), <paramref name="count"/> times in all.</summary>
    /// <exception cref="TimeoutException">That did not come in time; the message lists the events that did.</exception>
    public async Task WaitForAsync(string state, TimeSpan timeout, int count = 1, CancellationToken cancellationToken = default)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(timeout);
        try
        {
            while (_events.Count(e => e.Contains($"Event: {state}\n", StringComparison.Ordinal)) < count)
            {
                string next = await CommandAsync("pop-event", limit.Token);
                if (next.Contains("Event-type:", StringComparison.Ordinal))
                    _events.Add(next);
                else
                    await Task.Delay(20, limit.Token);
            }
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new TimeoutException($"linphone had no {state} ({count}) within {timeout.TotalSeconds} s, but:\n{string.Join('\n', _events)}\n{Describe()}");
        }
    }

    /// <summary>The SIP Call-ID of the first call that it made or took.</summary>
    public string FirstCallId() => CallIdLine().Match(Log()).Groups[1].Value;

    /// <summary>What it wrote, for a failure message.</summary>
    public string Describe() => $"{_process.Describe()}\n{string.Join('\n', Log().Split('\n').TakeLast(200))}";

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        _control?.Dispose();
        await _process.DisposeAsync();
        _one.Dispose();
        File.Delete(Path.Combine("/tmp", PipeOf(_folder)));
        Directory.Delete(_folder, recursive: true);
    }

    // The daemon puts its socket into /tmp, whatever it is told; the folder is there, too.
    private static string PipeOf(string folder) => Path.GetFileName(folder) + ".pipe";

    private static string LogIn(string folder) => Path.Combine(folder, "log");

    private static string Configuration(int port, int mediaPorts) => $"""
        [sip]
        sip_port={port}
        sip_tcp_port={port}
        sip_tls_port=0
        guess_hostname=0
        register_only_when_network_is_up=0
        [rtp]
        audio_rtp_port={mediaPorts}

        """;

    private string Log()
    {
        if (!File.Exists(LogIn(_folder)))
            return "";
        using var file = new FileStream(LogIn(_folder), FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        using var reader = new StreamReader(file);
        return reader.ReadToEnd();
    }

    private async Task ConnectAsync(string path, CancellationToken cancellationToken)
    {
        var clock = System.Diagnostics.Stopwatch.StartNew();
        while (true)
        {
            var control = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            try
            {
                await control.ConnectAsync(new UnixDomainSocketEndPoint(path), cancellationToken);
                _control = control;
                return;
            }
            catch (SocketException)
            {
                control.Dispose();
                if (_process.Exited.IsCompleted || clock.Elapsed > s_startLimit)
                    throw new InvalidOperationException($"linphone-daemon (Debian package linphone-cli) did not start.\n{Describe()}");
                await Task.Delay(20, cancellationToken);
            }
        }
    }

    // It can be controlled some time before it can be called.
    private async Task ListenAsync(CancellationToken cancellationToken)
    {
        var clock = System.Diagnostics.Stopwatch.StartNew();
        while (!IPGlobalProperties.GetIPGlobalProperties().GetActiveUdpListeners().Any(at => at.Port == Port))
        {
            if (_process.Exited.IsCompleted || clock.Elapsed > s_startLimit)
                throw new InvalidOperationException($"linphone does not listen on port {Port}.\n{Describe()}");
            await Task.Delay(20, cancellationToken);
        }
    }

    [GeneratedRegex(@"^Id: (\d+)", RegexOptions.Multiline)]
    private static partial Regex IdLine();

    [GeneratedRegex(@"^Call-ID: (\S+)", RegexOptions.Multiline)]
    private static partial Regex CallIdLine();
}
