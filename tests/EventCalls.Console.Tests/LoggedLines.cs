using EventCalls.Testing.Logging;
using Microsoft.Extensions.Logging;

namespace EventCalls.Console.Tests;

/// <summary>Keeps what is logged, whoever logs it.</summary>
internal sealed class LoggedLines : ILoggerFactory
{
    private readonly RecordingLogger _log = new();

    public IEnumerable<string> Lines => _log.Lines.Select(line => line.Text);

    public ILogger CreateLogger(string categoryName) => _log;

    public void AddProvider(ILoggerProvider provider)
    {
    }

    public void Dispose()
    {
    }
}
