using System.Net;
using System.Net.Sockets;
using System.Text;

namespace EventCalls.Testing;

/// <summary>An rtpengine (Debian package <c>rtpengine-daemon</c>) that moves media without the kernel's help, on 127.0.0.1.</summary>
public sealed class RtpengineServer : IAsyncDisposable
{
    private static readonly TimeSpan s_startLimit = TimeSpan.FromSeconds(20);
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("eventcalls-rtpengine-");
    private readonly int _control = FreePorts.Next();
    private readonly int _first;
    private readonly int _last;
    private ChildProcess? _process;

    private RtpengineServer(int first, int last) => (_first, _last) = (first, last);

    /// <summary>Where it listens, as <c>Media:Rtpengine</c> has it.</summary>
    public string Address => $"udp://127.0.0.1:{_control}";

    /// <summary>Its port for NG.</summary>
    public int ControlPort => _control;

    /// <summary>What it wrote.</summary>
    public string Log => _process?.Errors ?? "";

    /// <summary>Starts one and waits until it answers.</summary>
    /// <param name="first">The first of its ports.</param>
    /// <param name="last">The last one.</param>
    /// <exception cref="InvalidOperationException">It is not installed, or did not start; the message says what it wrote.</exception>
    public static async Task<RtpengineServer> StartAsync(int first, int last)
    {
        var server = new RtpengineServer(first, last);
        await server.RestartAsync();
        return server;
    }

    /// <summary>Starts one with as many ports, wherever they are free.</summary>
    /// <exception cref="InvalidOperationException">It is not installed, or did not start; the message says what it wrote.</exception>
    public static Task<RtpengineServer> StartAsync(int ports)
    {
        int first = FreePorts.Range(ports);
        return StartAsync(first, first + ports - 1);
    }

    /// <summary>Starts it again on the same ports; it knows no call of before.</summary>
    public async Task RestartAsync()
    {
        await KillAsync();
        _process = ChildProcess.Start("rtpengine",
        [
            "--interface=127.0.0.1", $"--listen-ng=127.0.0.1:{_control}", "--table=-1", "--endpoint-learning=heuristic", $"--port-min={_first}", $"--port-max={_last}",
            "--foreground", "--log-stderr", "--log-level=5", "--config-file=none", $"--pidfile={_folder.FullName}/pid",
        ]);
        using var socket = new UdpClient(0);
        var clock = System.Diagnostics.Stopwatch.StartNew();
        while (true)
        {
            await socket.SendAsync(Encoding.ASCII.GetBytes("1 d7:command4:pinge"), new IPEndPoint(IPAddress.Loopback, _control));
            using var limit = new CancellationTokenSource(TimeSpan.FromMilliseconds(200));
            try
            {
                await socket.ReceiveAsync(limit.Token);
                return;
            }
            catch (Exception e) when (e is OperationCanceledException or SocketException)
            {
                if (clock.Elapsed > s_startLimit || _process.Exited.IsCompleted)
                    throw new InvalidOperationException($"rtpengine did not start:\n{_process.Output}\n{_process.Errors}", e);
                await Task.Delay(50);
            }
        }
    }

    /// <summary>What it says to a question, both in bencoding.</summary>
    public async Task<string> AskAsync(string question)
    {
        using var socket = new UdpClient(0);
        using var limit = new CancellationTokenSource(s_startLimit);
        await socket.SendAsync(Encoding.ASCII.GetBytes($"ask {question}"), new IPEndPoint(IPAddress.Loopback, _control));
        return Encoding.Latin1.GetString((await socket.ReceiveAsync(limit.Token)).Buffer)[4..];
    }

    /// <summary>Kills it, as a power cut would.</summary>
    public async Task KillAsync()
    {
        if (_process is { } process)
            await process.DisposeAsync();
        _process = null;
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        await KillAsync();
        _folder.Delete(recursive: true);
    }
}
