using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;

namespace EventCalls.Media.Rtpengine;

/// <summary>Asks one rtpengine by its NG protocol: a datagram with a cookie and a dictionary, said again until the answer with the same cookie comes. Any thread may ask.</summary>
internal sealed class NgClient : IDisposable
{
    // A datagram is at most so long, and so are its descriptions.
    private const int MostBytes = 65_000;

    // The engine remembers answers by their cookies, and gives the same one to what is said again.
    private static readonly TimeSpan[] s_waits = [TimeSpan.FromMilliseconds(150), TimeSpan.FromMilliseconds(350), TimeSpan.FromMilliseconds(500)];

    private readonly ConcurrentDictionary<string, TaskCompletionSource<NgValue?>> _open = new(StringComparer.Ordinal);
    private readonly CancellationTokenSource _stopping = new();
    private readonly TimeProvider _time;
    private readonly Socket _socket;
    private readonly string _prefix = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(6));
    private readonly Lazy<Task> _receiving;
    private long _cookies;

    public NgClient(IPEndPoint engine, TimeProvider time)
    {
        _time = time;
        _socket = new Socket(engine.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
        _socket.Connect(engine);
        _receiving = new Lazy<Task>(() => Task.Run(ReceiveAsync));
    }

    /// <summary>Our address as the engine sees it.</summary>
    public IPAddress Here => ((IPEndPoint)_socket.LocalEndPoint!).Address;

    /// <summary>After how long a question without an answer is given up.</summary>
    public static TimeSpan GivesUpAfter { get; } = s_waits.Aggregate(TimeSpan.Zero, static (sum, wait) => sum + wait);

    /// <summary>Asks; null when nothing answers, or nothing listens there.</summary>
    public async Task<NgValue?> AskAsync(NgValue question)
    {
        string cookie = $"{_prefix}_{Interlocked.Increment(ref _cookies)}";
        using var written = new MemoryStream();
        written.Write(Encoding.ASCII.GetBytes(cookie + " "));
        question.WriteTo(written);
        if (written.Length > MostBytes || _stopping.IsCancellationRequested)
            return null;
        _ = _receiving.Value;
        var answer = new TaskCompletionSource<NgValue?>(TaskCreationOptions.RunContinuationsAsynchronously);
        _open[cookie] = answer;
        try
        {
            foreach (var wait in s_waits)
            {
                Send(written.GetBuffer().AsSpan(0, (int)written.Length));
                try
                {
                    return await answer.Task.WaitAsync(wait, _time, _stopping.Token).ConfigureAwait(false);
                }
                catch (TimeoutException)
                {
                    // It or its answer was lost, or the engine is slow: once more.
                }
            }
            return null;
        }
        catch (Exception e) when (e is OperationCanceledException or ObjectDisposedException)
        {
            return null;
        }
        finally
        {
            _open.TryRemove(cookie, out _);
        }
    }

    public void Dispose()
    {
        _stopping.Cancel();
        _socket.Dispose();
        _stopping.Dispose();
    }

    private void Send(ReadOnlySpan<byte> question)
    {
        try
        {
            _socket.Send(question);
        }
        catch (SocketException)
        {
            // Said again in a moment; an ICMP error of the last one is told here too.
        }
        catch (ObjectDisposedException)
        {
            // The node stops.
        }
    }

    private async Task ReceiveAsync()
    {
        var buffer = new byte[ushort.MaxValue];
        var stopping = _stopping.Token;
        while (!stopping.IsCancellationRequested)
        {
            try
            {
                int length = await _socket.ReceiveAsync(buffer, stopping).ConfigureAwait(false);
                Take(buffer.AsSpan(0, length));
            }
            catch (SocketException)
            {
                // Nothing listens there (ICMP): whoever waits need not wait longer.
                foreach (var (_, open) in _open)
                    open.TrySetResult(null);
            }
            catch (Exception e) when (e is OperationCanceledException or ObjectDisposedException)
            {
                return;
            }
        }
    }

    private void Take(ReadOnlySpan<byte> datagram)
    {
        int space = datagram.IndexOf((byte)' ');
        // A second answer to one question finds nobody waiting.
        if (space > 0 && _open.TryGetValue(Encoding.ASCII.GetString(datagram[..space]), out var open) && NgValue.Read(datagram[(space + 1)..].ToArray()) is { Fields: not null } answer)
            open.TrySetResult(answer);
    }
}
