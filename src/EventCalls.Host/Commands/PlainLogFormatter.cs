using System.Globalization;
using EventCalls.Contracts;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Logging.Console;

namespace EventCalls.Host.Commands;

/// <summary>The log for people: a line for each entry, whatever a peer sent that stands in it.</summary>
/// <param name="time">The clock.</param>
internal sealed class PlainLogFormatter(TimeProvider time) : ConsoleFormatter(FormatterName)
{
    /// <summary>The name it is chosen by.</summary>
    public const string FormatterName = "eventcalls";

    /// <inheritdoc />
    public override void Write<TState>(in LogEntry<TState> logEntry, IExternalScopeProvider? scopeProvider, TextWriter textWriter)
    {
        string message = logEntry.Formatter(logEntry.State, logEntry.Exception);
        textWriter.Write(string.Create(CultureInfo.InvariantCulture, $"{time.GetUtcNow():yyyy-MM-ddTHH:mm:ss.fffZ} {ShortNameOf(logEntry.LogLevel)}: {logEntry.Category}[{logEntry.EventId.Id}] "));
        textWriter.Write(Line(message));
        if (logEntry.Exception is { } exception)
        {
            textWriter.Write(' ');
            textWriter.Write(Line(exception.ToString()));
        }
        textWriter.Write(Environment.NewLine);
    }

    // An exception's own line ends become blanks; what is left of others is replaced like any character that would act.
    private static string Line(string text) => PlainText.Of(text.ReplaceLineEndings(" "));

    private static string ShortNameOf(LogLevel level) => level switch
    {
        LogLevel.Trace => "trce",
        LogLevel.Debug => "dbug",
        LogLevel.Information => "info",
        LogLevel.Warning => "warn",
        LogLevel.Error => "fail",
        LogLevel.Critical => "crit",
        _ => "none",
    };
}
