using EventCalls.Routing.Loading;

namespace EventCalls.Console.Problems;

/// <summary>Ends a request with a problem (RFC 9457).</summary>
/// <param name="status">The status, 400–599.</param>
/// <param name="title">The kind of problem, in a few words that are always the same.</param>
/// <param name="detail">What is wrong here, and what to do.</param>
internal sealed class ApiProblemException(int status, string title, string detail) : Exception(detail)
{
    public int Status => status;

    public string Title => title;

    /// <summary>Which field or parameter is meant; null when it is none.</summary>
    public string? Field { get; init; }

    /// <summary>What is wrong with logic, place by place.</summary>
    public IReadOnlyList<LogicDiagnostic> Diagnostics { get; init; } = [];

    /// <summary>After how many seconds it makes sense to come again; null when that is not known.</summary>
    public int? RetryAfter { get; init; }

    public static ApiProblemException NotFound(string detail) => new(404, "Not found", detail);

    /// <summary>A field whose value cannot be used.</summary>
    public static ApiProblemException Invalid(string field, string detail) => new(422, "Invalid value", detail) { Field = field };
}
