using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace EventCalls.Bus.Tests;

/// <summary>Keeps what our own classes log; MassTransit's lines are its own business, unless everything is asked for.</summary>
internal sealed class LogLines(bool everything = false) : ILoggerFactory
{
    private readonly ConcurrentQueue<(LogLevel Level, string Text)> _lines = new();

    public IEnumerable<string> Of(LogLevel level) => _lines.Where(l => l.Level == level).Select(l => l.Text);

    public ILogger CreateLogger(string categoryName) => new Lines(this, everything || categoryName.StartsWith("EventCalls", StringComparison.Ordinal));

    public void AddProvider(ILoggerProvider provider) => throw new NotSupportedException();

    public void Dispose()
    {
    }

    private sealed class Lines(LogLines all, bool isOurs) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => isOurs;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (isOurs)
                all._lines.Enqueue((logLevel, formatter(state, exception)));
        }
    }
}
