using MassTransit;
using Microsoft.Extensions.Logging;

namespace EventCalls.Bus.Sending;

/// <summary>A log for MassTransit, without a stack for each message that came back or was refused: of those we say ourselves what becomes of them.</summary>
internal sealed class QuietReturns(ILoggerFactory loggers) : ILoggerFactory
{
    public void AddProvider(ILoggerProvider provider) => loggers.AddProvider(provider);

    public ILogger CreateLogger(string categoryName) => new Quiet(loggers.CreateLogger(categoryName));

    public void Dispose()
    {
    }

    private sealed class Quiet(ILogger logger) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => logger.BeginScope(state);

        public bool IsEnabled(LogLevel logLevel) => logger.IsEnabled(logLevel);

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (exception is not MessageReturnedException && !RefusedMessages.IsRefusal(exception))
                logger.Log(logLevel, eventId, state, exception, formatter);
        }
    }
}
