using EventCalls.Contracts;
using EventCalls.Routing.Loading.Rules;
using Microsoft.CodeAnalysis;

namespace EventCalls.Routing.Loading;

/// <summary>Refuses sources nested so deeply that the C# compiler itself would overflow the stack.</summary>
internal static class NestingCheck
{
    /// <summary>The diagnostic for the first place that is too deep, found before the source is parsed; null when none is.</summary>
    public static LogicDiagnostic? Find(LogicSource source) =>
        Nesting.LineOf(source.Text) is { } line ? new LogicDiagnostic(source.Path, line, 1, Nesting.RuleId, Nesting.TooManyBrackets) : null;

    /// <summary>The diagnostic for the first place of a parsed source that is too deep.</summary>
    public static LogicDiagnostic? Find(SyntaxTree tree) =>
        Nesting.PlaceIn(tree) is { } place ? LogicDiagnostics.At(place, Nesting.RuleId, Nesting.TooDeep) : null;
}
