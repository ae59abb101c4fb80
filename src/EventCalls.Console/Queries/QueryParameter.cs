using EventCalls.Console.Problems;
using EventCalls.Contracts;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace EventCalls.Console.Queries;

/// <summary>A parameter behind the question mark.</summary>
/// <param name="Name">Its name; one that ends with <c>.NAME</c> stands for all that begin so.</param>
/// <param name="Says">What it is for, and what values it takes.</param>
internal sealed record QueryParameter(string Name, string Says)
{
    private const string AnyName = ".NAME";

    public bool Is(string name) => Name.EndsWith(AnyName, StringComparison.Ordinal)
        ? name.Length > Name.Length - AnyName.Length + 1 && name.StartsWith(Name[..^(AnyName.Length - 1)], StringComparison.Ordinal)
        : name == Name;
}

/// <summary>The parameters of an end point: what documents them and what refuses others is the same list.</summary>
internal sealed record QueryParameters(IReadOnlyList<QueryParameter> All)
{
    private static readonly QueryParameters s_none = new([]);

    /// <summary>Refuses a request with a parameter that its end point does not have, or that is given twice: passed over in silence, it would seem to have found everything.</summary>
    public static Task CheckAsync(HttpContext context, RequestDelegate next)
    {
        if (context.GetEndpoint() is not { } endpoint || context.Request.Query.Count == 0 || endpoint.Metadata.GetMetadata<AnyParameters>() is not null)
            return next(context);
        var known = endpoint.Metadata.GetMetadata<QueryParameters>() ?? s_none;
        foreach (var (name, values) in context.Request.Query)
        {
            if (!known.All.Any(p => p.Is(name)))
                throw new ApiProblemException(400, "Unknown parameter", known.Unknown(name)) { Field = name };
            if (values.Count != 1)
                throw new ApiProblemException(400, "Repeated parameter", $"{PlainText.Of(name)} is given {values.Count} times; give it once.") { Field = name };
        }
        return next(context);
    }

    private string Unknown(string name) => $"There is no parameter '{PlainText.Of(name)}' here; "
        + (All.Count == 0 ? "leave it out."
            : Spelling.Nearest(name, All.Select(p => p.Name)) is { } near ? $"did you mean {near}?"
            : $"{Spelling.Known([.. All.Select(p => p.Name)])}.");
}

/// <summary>An end point that takes any parameters: pages, which read their own.</summary>
internal sealed record AnyParameters;

/// <summary>How end points name their parameters.</summary>
internal static class ParametersOfEndpoints
{
    /// <summary>It has these parameters and no others.</summary>
    public static T Takes<T>(this T endpoint, params IReadOnlyList<QueryParameter> parameters)
        where T : IEndpointConventionBuilder => endpoint.WithMetadata(new QueryParameters(parameters));
}
