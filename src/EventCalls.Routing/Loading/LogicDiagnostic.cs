namespace EventCalls.Routing.Loading;

/// <summary>Why routing logic cannot be used, at a place in its sources.</summary>
/// <param name="File">Relative to the logic folder, forward slashes; empty when it concerns the whole folder.</param>
/// <param name="Line">From 1; 0 when there is none.</param>
/// <param name="Column">From 1; 0 when there is none.</param>
/// <param name="Id"><c>CS…</c> from the C# compiler, <c>EC…</c> from the rules for routing logic.</param>
/// <param name="Message">For people.</param>
public sealed record LogicDiagnostic(string File, int Line, int Column, string Id, string Message)
{
    /// <summary><c>file(line,col): message</c>.</summary>
    public override string ToString() =>
        File.Length == 0 ? $"{Message} [{Id}]" : $"{File}({Line},{Column}): {Message} [{Id}]";
}
