using System.Threading.Channels;
using EventCalls.Console.Webhooks;
using Microsoft.Extensions.Logging;

namespace EventCalls.Console.Tests.Webhooks;

/// <summary>Tells what was logged, one line after the other.</summary>
internal sealed class TellingLogger : ILogger<WebhookService>
{
    private readonly Channel<string> _lines = Channel.CreateUnbounded<string>();

    /// <summary>The next line with this text; those before it are passed over.</summary>
    public async Task<string> LineAsync(string with)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        var passed = new List<string>();
        try
        {
            await foreach (string line in _lines.Reader.ReadAllAsync(limit.Token))
            {
                if (line.Contains(with, StringComparison.Ordinal))
                    return line;
                passed.Add(line);
            }
        }
        catch (OperationCanceledException)
        {
        }
        throw new TimeoutException($"No line with '{with}'; there were: {string.Join(" | ", passed)}");
    }

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
        _lines.Writer.TryWrite(formatter(state, exception));
}
