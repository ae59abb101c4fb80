using EventCalls.Console.Queries;
using EventCalls.Console.Security;
using EventCalls.Contracts.Findings;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace EventCalls.Console.Health;

/// <summary>What may be asked without a key: whether the process lives, and whether it does its work.</summary>
internal static class HealthEndpoints
{
    public static void Map(IEndpointRouteBuilder routes, ConsoleSources sources)
    {
        routes.MapGet("/health/live", static () => PlainJson.Of(new HealthAnswer("live"), ConsoleJson.Default.HealthAnswer))
            .WithSummary("Whether the process answers")
            .IsOpen().Takes()
            .WithTags("health");
        routes.MapGet("/health/ready", async (CancellationToken cancellationToken) =>
            {
                var report = await sources.Health(cancellationToken).ConfigureAwait(false);
                // What is behind it is for those who have a key.
                return PlainJson.Of(new HealthAnswer(report.Status), ConsoleJson.Default.HealthAnswer, statusCode: report.Ok ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable);
            })
            .WithSummary("Whether the process does its work: 200, or 503 while it starts, stops or lacks something")
            .IsOpen().Takes()
            .WithTags("health");
    }
}

/// <summary>How the process is, in one word.</summary>
/// <param name="Status"><c>live</c>, or as <see cref="HealthReport.Status"/>.</param>
internal sealed record HealthAnswer(string Status);
