using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Logging;

namespace EventCalls.Sip.Transport;

/// <summary>The system's resolver on a few threads of its own.</summary>
/// <remarks>
/// It blocks its thread for as long as the name servers are silent, which may be half a minute: on the thread pool some hundred look-ups would hold up
/// everything else in the process. Safe from any thread.
/// </remarks>
public sealed class SystemResolver
{
    /// <summary>How many look-ups are under way at once.</summary>
    public const int Threads = 4;

    /// <summary>How many may wait for one of them; a further one fails at once.</summary>
    public const int MostWaiting = 1_024;

    // Nobody waits for the answer any longer than this.
    private static readonly TimeSpan s_longestWait = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan s_idle = TimeSpan.FromSeconds(10);

    private readonly Func<string, IPAddress[]> _lookUp;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly object _lock = new();
    private readonly Queue<Question> _waiting = new();
    private int _threads;
    private int _idle;

    /// <summary>A resolver that has no thread yet.</summary>
    /// <param name="time">The clock.</param>
    /// <param name="logger">The log.</param>
    /// <param name="lookUp">Blocks until it has the addresses of a name, or throws; null: the system's own.</param>
    public SystemResolver(TimeProvider time, ILogger logger, Func<string, IPAddress[]>? lookUp = null)
    {
        _time = time;
        _logger = logger;
        _lookUp = lookUp ?? Dns.GetHostAddresses;
    }

    /// <summary>The addresses of a name, best first.</summary>
    /// <exception cref="SocketException">There are none, or too many look-ups wait already.</exception>
    /// <exception cref="TimeoutException">No thread was free in time.</exception>
    public Task<IPAddress[]> LookUpAsync(string host)
    {
        var question = new Question(host, _time.GetTimestamp());
        lock (_lock)
        {
            if (_waiting.Count >= MostWaiting)
                return Task.FromException<IPAddress[]>(new SocketException((int)SocketError.TryAgain));
            _waiting.Enqueue(question);
            if (_idle >= _waiting.Count || _threads >= Threads)
            {
                Monitor.Pulse(_lock);
                return question.Answer.Task;
            }
            _threads++;
        }
        try
        {
            TransportThread.Start("sip-resolver", _logger, Loop, _ => OnThreadGone());
        }
        catch (OutOfMemoryException e)
        {
            OnThreadGone();
            question.Answer.TrySetException(e);
        }
        return question.Answer.Task;
    }

    private void OnThreadGone()
    {
        lock (_lock)
            _threads--;
    }

    private void Loop()
    {
        while (Next() is { } question)
        {
            try
            {
                if (_time.GetElapsedTime(question.AskedAt) > s_longestWait)
                    question.Answer.TrySetException(new TimeoutException("too many look-ups are under way"));
                else
                    question.Answer.TrySetResult(_lookUp(question.Host));
            }
            catch (Exception e)
            {
                question.Answer.TrySetException(e);
            }
        }
    }

    private Question? Next()
    {
        lock (_lock)
        {
            while (_waiting.Count == 0)
            {
                _idle++;
                bool woken = Monitor.Wait(_lock, s_idle);
                _idle--;
                if (!woken && _waiting.Count == 0)
                {
                    _threads--;
                    return null;
                }
            }
            return _waiting.Dequeue();
        }
    }

    private sealed record Question(string Host, long AskedAt)
    {
        public TaskCompletionSource<IPAddress[]> Answer { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
