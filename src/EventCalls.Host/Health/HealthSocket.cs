using System.Net.Sockets;
using System.Text.Json;
using EventCalls.Contracts.Findings;

namespace EventCalls.Host.Health;

/// <summary>Answers who asks a running process how it is: whoever connects to its Unix socket gets one JSON object, and the connection ends.</summary>
/// <remarks>A socket of the file system: the rights of the file say who may ask, no port is taken, and it works the same in a container and beside a service manager.</remarks>
internal sealed partial class HealthSocket : IAsyncDisposable
{
    private static readonly TimeSpan s_longest = TimeSpan.FromSeconds(5);

    private readonly string _path;
    private readonly Func<CancellationToken, Task<HealthReport>> _report;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly Socket _listener = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
    private readonly CancellationTokenSource _stopping = new();
    private readonly Task _accepting;

    private HealthSocket(string path, Func<CancellationToken, Task<HealthReport>> report, TimeProvider time, ILogger logger)
    {
        (_path, _report, _time, _logger) = (path, report, time, logger);
        // Left by a process that was killed; one that still answers keeps it.
        if (Answers(path))
            throw new SocketException((int)SocketError.AddressAlreadyInUse);
        File.Delete(path);
        _listener.Bind(new UnixDomainSocketEndPoint(path));
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        _listener.Listen(16);
        _accepting = AcceptAsync(_stopping.Token);
    }

    /// <summary>Opens the socket.</summary>
    /// <exception cref="Configuration.SettingsException">It cannot be opened there.</exception>
    public static HealthSocket Open(string path, Func<CancellationToken, Task<HealthReport>> report, TimeProvider time, ILogger logger)
    {
        try
        {
            return new HealthSocket(path, report, time, logger);
        }
        catch (Exception e) when (e is SocketException or IOException or UnauthorizedAccessException or ArgumentException)
        {
            string why = e is SocketException { SocketErrorCode: SocketError.AddressAlreadyInUse } ? "another process answers there" : e.Message.TrimEnd('.');
            throw new Configuration.SettingsException([$"EventCalls:Health:Socket is '{path}'; {why}: name a path, at most some 100 characters long, in a folder that the program may write to"]);
        }
    }

    /// <summary>Asks the process behind a socket; null when none answers.</summary>
    public static async Task<HealthReport?> AskAsync(string path, CancellationToken cancellationToken)
    {
        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            await socket.ConnectAsync(new UnixDomainSocketEndPoint(path), cancellationToken).ConfigureAwait(false);
            var stream = new NetworkStream(socket);
            await using (stream.ConfigureAwait(false))
                return await JsonSerializer.DeserializeAsync(stream, HealthJson.Default.HealthReport, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (e is SocketException or IOException or JsonException or ArgumentException)
        {
            return null;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync().ConfigureAwait(false);
        _listener.Dispose();
        await _accepting.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        File.Delete(_path);
        _stopping.Dispose();
    }

    private async Task AcceptAsync(CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested)
        {
            try
            {
                using var asking = await _listener.AcceptAsync(cancellationToken).ConfigureAwait(false);
                using var limit = new CancellationTokenSource(s_longest, _time);
                using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
                var report = await _report(either.Token).ConfigureAwait(false);
                await asking.SendAsync(JsonSerializer.SerializeToUtf8Bytes(report, HealthJson.Default.HealthReport), either.Token).ConfigureAwait(false);
            }
            catch (Exception e) when (!cancellationToken.IsCancellationRequested)
            {
                LogNotAnswered(e);
                await Task.Delay(TimeSpan.FromMilliseconds(100), _time, CancellationToken.None).ConfigureAwait(false);
            }
        }
    }

    private static bool Answers(string path)
    {
        if (!File.Exists(path))
            return false;
        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            socket.Connect(new UnixDomainSocketEndPoint(path));
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    [LoggerMessage(Level = LogLevel.Debug, Message = "A question for the process's health was not answered")]
    private partial void LogNotAnswered(Exception e);
}
