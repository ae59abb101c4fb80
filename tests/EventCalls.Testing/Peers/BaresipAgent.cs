using System.Buffers;
using System.Globalization;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using EventCalls.Testing.Sip;

namespace EventCalls.Testing;

/// <summary>A headless baresip (Debian package <c>baresip-core</c>): a real user agent on 127.0.0.1, controlled over its ctrl_tcp module.</summary>
/// <remarks>It plays a tone from a file into its calls, writes down what it hears in them, and takes a REFER: 202, then a new call, and a NOTIFY for each step.</remarks>
public sealed class BaresipAgent : IAsyncDisposable
{
    private static readonly TimeSpan s_startLimit = TimeSpan.FromSeconds(20);
    private readonly string _folder;
    private readonly ChildProcess _process;
    private readonly Lock _gate = new();
    private readonly List<BaresipEvent> _events = [];
    private readonly Dictionary<string, TaskCompletionSource<string>> _waiting = [];
    private TaskCompletionSource _more = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private TcpClient? _control;
    private Task _reading = Task.CompletedTask;
    private int _tokens;

    private BaresipAgent(string folder, ChildProcess process, int port)
    {
        (_folder, _process, Port) = (folder, process, port);
        Address = $"sip:{User}@127.0.0.1:{port}";
    }

    /// <summary>The user part of its address.</summary>
    public const string User = "agent";

    /// <summary>Its SIP port, UDP and TCP.</summary>
    public int Port { get; }

    /// <summary>Its SIP address.</summary>
    public string Address { get; }

    /// <summary>Its events so far, in order.</summary>
    public IReadOnlyList<BaresipEvent> Events
    {
        get
        {
            lock (_gate)
                return [.. _events];
        }
    }

    /// <summary>Starts it and waits until it can be controlled.</summary>
    /// <param name="autoAnswer">Whether it answers calls by itself.</param>
    /// <param name="transport"><c>udp</c>, <c>tcp</c> or <c>tls</c>: what it calls out with.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <param name="authority">Signs its certificate, and is the only one whose peers it trusts; null for one without TLS.</param>
    /// <param name="port">Its port; TLS is on the next one. 0 for a free one.</param>
    /// <param name="hertz">The tone that it plays.</param>
    /// <param name="protection">How its media must be protected: <c>srtp-mand</c> (SDES) or <c>dtls_srtp</c>; null for not at all.</param>
    /// <param name="codecs">The codecs that it has, most wanted first.</param>
    /// <exception cref="InvalidOperationException">baresip did not start; the message says what it wrote.</exception>
    public static async Task<BaresipAgent> StartAsync(
        bool autoAnswer = true, string transport = "udp", CancellationToken cancellationToken = default, TestAuthority? authority = null, int port = 0, int hertz = 440, string? protection = null, string codecs = "pcmu,pcma")
    {
        var folder = Directory.CreateTempSubdirectory("eventcalls-baresip-").FullName;
        if (port == 0)
            port = FreePorts.Range(2);
        int control = FreePorts.Next();
        ToneFile.Write(Path.Combine(folder, "tone.wav"), TimeSpan.FromSeconds(20), hertz);
        await File.WriteAllTextAsync(Path.Combine(folder, "config"), Configuration(folder, port, control, FreePorts.Range(16)) + Encryption(authority), cancellationToken);
        await File.WriteAllTextAsync(
            Path.Combine(folder, "accounts"),
            $"<sip:{User}@127.0.0.1:{port};transport={transport}>;regint=0;answermode={(autoAnswer ? "auto" : "manual")};audio_codecs={codecs}{(protection is null ? "" : $";mediaenc={protection}")}\n",
            cancellationToken);
        var agent = new BaresipAgent(folder, ChildProcess.Start("baresip", ["-f", folder], folder: folder), port);
        try
        {
            await agent.ConnectAsync(control, cancellationToken);
            return agent;
        }
        catch
        {
            await agent.DisposeAsync();
            throw;
        }
    }

    /// <summary>Runs a command of baresip's menu (<c>dial</c>, <c>hangup</c>, <c>accept</c>, <c>transfer</c> …) and returns what it answered.</summary>
    /// <exception cref="InvalidOperationException">baresip refused it.</exception>
    public async Task<string> CommandAsync(string command, string parameters = "", CancellationToken cancellationToken = default)
    {
        var token = Interlocked.Increment(ref _tokens).ToString(CultureInfo.InvariantCulture);
        var answer = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_gate)
            _waiting[token] = answer;
        var json = new JsonObject { ["command"] = command, ["params"] = parameters, ["token"] = token }.ToJsonString();
        await _control!.GetStream().WriteAsync(Encoding.UTF8.GetBytes($"{Encoding.UTF8.GetByteCount(json)}:{json},"), cancellationToken);
        return await answer.Task.WaitAsync(TimeSpan.FromSeconds(10), cancellationToken);
    }

    /// <summary>Calls an address.</summary>
    public Task DialAsync(string address, CancellationToken cancellationToken = default) => CommandAsync("dial", address, cancellationToken);

    /// <summary>Ends the current call.</summary>
    public Task HangUpAsync(CancellationToken cancellationToken = default) => CommandAsync("hangup", "", cancellationToken);

    /// <summary>Waits until an event of that type (<c>CALL_ESTABLISHED</c>, <c>CALL_CLOSED</c> …) has come, <paramref name="count"/> times in all.</summary>
    /// <exception cref="TimeoutException">It did not come in time; the message lists the events that did.</exception>
    public async Task<BaresipEvent> WaitForAsync(string type, TimeSpan timeout, int count = 1, CancellationToken cancellationToken = default)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(timeout);
        while (true)
        {
            Task more;
            lock (_gate)
            {
                if (_events.Where(e => e.Type == type).Skip(count - 1).FirstOrDefault() is { } found)
                    return found;
                more = _more.Task;
            }

            try
            {
                await more.WaitAsync(limit.Token);
            }
            catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
            {
                throw new TimeoutException(
                    $"baresip had no {type} ({count}) within {timeout.TotalSeconds} s, but:\n{string.Join('\n', Events)}\n{_process.Describe()}");
            }
        }
    }

    /// <summary>What it heard in its calls, as one WAV file each; whole when the calls are over.</summary>
    public IReadOnlyList<string> Heard => [.. Directory.GetFiles(_folder, "dump-*-dec.wav").Order(StringComparer.Ordinal)];

    /// <summary>What it wrote, for a failure message.</summary>
    public string Describe() => _process.Describe();

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        _control?.Dispose();
        await _reading;
        await _process.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    private static string Configuration(string folder, int port, int control, int mediaPorts) => $"""
        sip_listen 127.0.0.1:{port}
        net_interface 127.0.0.1
        call_local_timeout 60
        call_max_calls 8
        audio_source aufile,{folder}/tone.wav
        audio_player aufile,{folder}/heard.wav
        audio_alert aufile,{folder}/alert.wav
        ausrc_srate 8000
        auplay_srate 8000
        ausrc_channels 1
        auplay_channels 1
        rtp_ports {mediaPorts}-{mediaPorts + 15}
        module_path /usr/lib/baresip/modules
        module g711.so
        module opus.so
        module aufile.so
        module sndfile.so
        module srtp.so
        module dtls_srtp.so
        snd_path {folder}
        module_app account.so
        module_app menu.so
        module_app ctrl_tcp.so
        ctrl_tcp_listen 127.0.0.1:{control}

        """;

    // It takes RSA keys alone.
    private static string Encryption(TestAuthority? authority) => authority is null ? "" : $"""
        sip_certificate {authority.MakeRsa("baresip", "127.0.0.1")}
        sip_cafile {authority.AuthorityFile}
        sip_verify_server yes

        """;

    private async Task ConnectAsync(int port, CancellationToken cancellationToken)
    {
        var clock = System.Diagnostics.Stopwatch.StartNew();
        while (true)
        {
            var control = new TcpClient();
            try
            {
                await control.ConnectAsync("127.0.0.1", port, cancellationToken);
                _control = control;
                _reading = ReadAsync(control.GetStream());
                return;
            }
            catch (SocketException)
            {
                control.Dispose();
                if (_process.Exited.IsCompleted || clock.Elapsed > s_startLimit)
                    throw new InvalidOperationException($"baresip (Debian package baresip-core) did not start.\n{_process.Describe()}");
                await Task.Delay(20, cancellationToken);
            }
        }
    }

    private async Task ReadAsync(NetworkStream stream)
    {
        var received = new ArrayBufferWriter<byte>();
        try
        {
            while (true)
            {
                int read = await stream.ReadAsync(received.GetMemory(4096));
                if (read == 0)
                    return;
                received.Advance(read);
                int used = TakeNetstrings(received.WrittenSpan);
                var rest = received.WrittenSpan[used..].ToArray();
                received.Clear();
                received.Write(rest);
            }
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException)
        {
            // The agent was stopped.
        }
    }

    // "12:{"json":…}," one after another; returns how many bytes are done.
    private int TakeNetstrings(ReadOnlySpan<byte> bytes)
    {
        int used = 0;
        while (bytes[used..].IndexOf((byte)':') is > 0 and var colon)
        {
            int length = int.Parse(bytes.Slice(used, colon), CultureInfo.InvariantCulture);
            int start = used + colon + 1;
            if (bytes.Length < start + length + 1)
                break;
            Take(JsonDocument.Parse(bytes.Slice(start, length).ToArray()).RootElement);
            used = start + length + 1;
        }

        return used;
    }

    private void Take(JsonElement message)
    {
        TaskCompletionSource more;
        lock (_gate)
        {
            if (message.TryGetProperty("response", out _))
            {
                if (Text("token") is { } token && _waiting.Remove(token, out var answer))
                    Complete(answer);
                return;
            }

            _events.Add(new BaresipEvent(Text("type") ?? "", Text("direction") ?? "", Text("peeruri") ?? "", Text("id") ?? "", Text("param") ?? ""));
            (more, _more) = (_more, new(TaskCreationOptions.RunContinuationsAsynchronously));
        }

        more.TrySetResult();

        void Complete(TaskCompletionSource<string> answer)
        {
            if (message.TryGetProperty("ok", out var ok) && ok.ValueKind == JsonValueKind.True)
                answer.TrySetResult(Text("data") ?? "");
            else
                answer.TrySetException(new InvalidOperationException($"baresip refused the command: {message}"));
        }

        string? Text(string name) =>
            message.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
    }
}
