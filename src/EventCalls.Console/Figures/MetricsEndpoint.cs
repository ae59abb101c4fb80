using System.Globalization;
using System.Text;
using EventCalls.Console.Queries;
using EventCalls.Console.Security;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace EventCalls.Console.Figures;

/// <summary>The figures of this process, for Prometheus.</summary>
internal static class MetricsEndpoint
{
    public static void Map(IEndpointRouteBuilder routes, ConsoleSources sources, MeteredFigures metered) => routes
        .MapGet("/metrics", () => TypedResults.Text(Text(sources.Gauges(), metered), "text/plain; version=0.0.4", Encoding.UTF8))
        .Needs(ApiScope.Read).Takes().WithTags("service").WithSummary("The figures of this process, for Prometheus").Produces(200, contentType: "text/plain");

    /// <summary>The figures in Prometheus' text form.</summary>
    internal static string Text(IEnumerable<Gauge> gauges, MeteredFigures metered)
    {
        var text = new StringBuilder();
        foreach (var family in gauges.GroupBy(g => g.Name, StringComparer.Ordinal))
        {
            text.Append(CultureInfo.InvariantCulture, $"# HELP {family.Key} {family.First().Help}\n# TYPE {family.Key} {(family.First().OnlyGrows ? "counter" : "gauge")}\n");
            foreach (var gauge in family)
            {
                text.Append(gauge.Name);
                if (gauge.Labels.Length > 0)
                    text.Append('{').AppendJoin(',', gauge.Labels.Select(l => Label(l.Name, l.Value))).Append('}');
                text.Append(CultureInfo.InvariantCulture, $" {gauge.Value}\n");
            }
        }
        metered.WriteTo(text);
        return text.ToString();
    }

    /// <summary>A label with its value.</summary>
    internal static string Label(string name, string value) => $"{name}=\"{Escaped(value)}\"";

    private static string Escaped(string value) =>
        value.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal);
}
