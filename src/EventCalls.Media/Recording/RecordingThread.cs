namespace EventCalls.Media.Recording;

/// <summary>The one thread on which a process writes its recordings: a disk that is slow holds up this one and nobody else.</summary>
internal sealed class RecordingThread : IDisposable
{
    private static readonly TimeSpan s_period = TimeSpan.FromMilliseconds(100);

    private readonly TimeProvider _time;
    private readonly AutoResetEvent _due = new(false);
    private readonly ITimer _timer;
    private readonly Thread _thread;
    private volatile bool _ends;

    /// <summary>Begins to write.</summary>
    public RecordingThread(RecordingSettings settings, TimeProvider time)
    {
        _time = time;
        Writer = new RecordingWriter(settings, Wake);
        _thread = new Thread(Run) { Name = "recordings", IsBackground = true };
        _thread.Start();
        _timer = time.CreateTimer(_ => Wake(), null, s_period, s_period);
    }

    /// <summary>What it writes.</summary>
    public RecordingWriter Writer { get; }

    /// <summary>The time that recordings and packets are given, µs.</summary>
    public static long Microseconds(TimeProvider time) => (long)(time.GetTimestamp() * (1_000_000.0 / time.TimestampFrequency));

    /// <summary>Ends all recordings, and waits until they are stored.</summary>
    public void Dispose()
    {
        _ends = true;
        Wake();
        _thread.Join();
        _timer.Dispose();
        _due.Dispose();
    }

    private void Run()
    {
        while (!_ends)
        {
            _due.WaitOne();
            Writer.Pass(Microseconds(_time));
        }
        Writer.StopAll(Microseconds(_time));
    }

    private void Wake() => _due.Set();
}
