using Microsoft.Extensions.Logging;

namespace EventCalls.Testing.Logging;

/// <summary>Keeps what was logged, as text; safe from any thread.</summary>
public sealed class RecordingLogger : ILogger
{
    private readonly List<(LogLevel Level, string Text)> _lines = [];

    /// <summary>Everything so far, in order.</summary>
    public IReadOnlyList<(LogLevel Level, string Text)> Lines
    {
        get
        {
            lock (_lines)
                return [.. _lines];
        }
    }

    /// <summary>The warnings so far.</summary>
    public IReadOnlyList<string> Warnings => [.. Lines.Where(l => l.Level == LogLevel.Warning).Select(l => l.Text)];

    /// <inheritdoc />
    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    /// <inheritdoc />
    public bool IsEnabled(LogLevel logLevel) => true;

    /// <inheritdoc />
    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        string text = formatter(state, exception);
        lock (_lines)
            _lines.Add((logLevel, text));
    }
}
