namespace EventCalls.Routing.Deciders;

/// <summary>Listens to what the runtime of a decider says before it dies.</summary>
internal sealed class DeciderErrors
{
    private const int Kept = 2000;

    private static readonly TimeSpan s_rest = TimeSpan.FromSeconds(1);

    private readonly Lock _gate = new();
    private readonly ManualResetEventSlim _ended = new();
    private string _text = "";
    private (DeciderEnd Kind, string Message)? _seen;

    /// <param name="errors">Its standard error.</param>
    /// <param name="dying">Called when the runtime says that it is about to end; printing why can take it seconds.</param>
    public DeciderErrors(StreamReader errors, Action<(DeciderEnd Kind, string Message)> dying) =>
        new Thread(() => Listen(errors, dying), 128 * 1024) { IsBackground = true, Name = "decider errors" }.Start();

    /// <summary>What the runtime said it dies of; null when it said nothing known.</summary>
    public (DeciderEnd Kind, string Message)? Seen
    {
        get
        {
            lock (_gate)
                return _seen;
        }
    }

    /// <summary>The first words of what it said, for people; empty for none.</summary>
    public string Tail
    {
        get
        {
            lock (_gate)
            {
                string line = _text.Split('\n', 3, StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).FirstOrDefault() ?? "";
                return line.Length == 0 ? "" : $" ({(line.Length > 300 ? line[..300] + "…" : line)})";
            }
        }
    }

    /// <summary>Waits until all it said has been read.</summary>
    public void WaitToEnd() => _ended.Wait(s_rest);

    private void Listen(StreamReader errors, Action<(DeciderEnd Kind, string Message)> dying)
    {
        try
        {
            var chunk = new char[1024];
            for (int read; (read = errors.Read(chunk, 0, chunk.Length)) > 0;)
            {
                if (Add(new string(chunk, 0, read)) is { } seen)
                    dying(seen);
            }
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException)
        {
            // It says no more.
        }

        _ended.Set();
    }

    private (DeciderEnd Kind, string Message)? Add(string text)
    {
        lock (_gate)
        {
            if (_text.Length < Kept)
                _text += text;
            if (_seen is not null)
                return null;
            if (_text.Contains("Stack overflow", StringComparison.Ordinal))
                _seen = (DeciderEnd.StackOverflow, "its stack overflowed");
            else if (_text.Contains("Out of memory", StringComparison.OrdinalIgnoreCase) || _text.Contains("OutOfMemoryException", StringComparison.Ordinal))
                _seen = (DeciderEnd.OutOfMemory, "its memory was used up");
            return _seen;
        }
    }
}
