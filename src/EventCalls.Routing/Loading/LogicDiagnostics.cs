using Microsoft.CodeAnalysis;

namespace EventCalls.Routing.Loading;

/// <summary>Places in sources, for people.</summary>
internal static class LogicDiagnostics
{
    public static LogicDiagnostic At(Location? location, string id, string message)
    {
        if (location is not { IsInSource: true })
            return new LogicDiagnostic("", 0, 0, id, message);
        var span = location.GetLineSpan();
        return new LogicDiagnostic(span.Path, span.StartLinePosition.Line + 1, span.StartLinePosition.Character + 1, id, message);
    }

    public static LogicDiagnostic From(Diagnostic diagnostic) =>
        At(diagnostic.Location, diagnostic.Id, diagnostic.GetMessage(System.Globalization.CultureInfo.InvariantCulture));
}
