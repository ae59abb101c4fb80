using System.Globalization;
using EventCalls.Contracts;

namespace EventCalls.Host.Demo;

/// <summary>Keeps what the node warns of in a file beside the store; without warnings there is no file.</summary>
internal sealed class DemoLog(string path, TimeProvider time) : ILoggerProvider
{
    private readonly Lock _lock = new();
    private StreamWriter? _file;

    /// <summary>The file.</summary>
    public string Path => path;

    /// <summary>How many warnings and errors there were.</summary>
    public int Warnings { get; private set; }

    /// <inheritdoc />
    public ILogger CreateLogger(string categoryName) => new Category(this, categoryName);

    /// <inheritdoc />
    public void Dispose()
    {
        lock (_lock)
        {
            _file?.Dispose();
            _file = null;
        }
    }

    private void Write(LogLevel level, string category, string message, Exception? exception)
    {
        lock (_lock)
        {
            Warnings++;
            _file ??= new StreamWriter(path, append: true) { AutoFlush = true };
            _file.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{time.GetUtcNow():O} {level} {category}: {PlainText.Of(message)}"));
            if (exception is not null)
                _file.WriteLine(PlainText.OfLines(exception.ToString()));
        }
    }

    private sealed class Category(DemoLog log, string name) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel is >= LogLevel.Warning and not LogLevel.None;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (IsEnabled(logLevel))
                log.Write(logLevel, name, formatter(state, exception), exception);
        }
    }
}
