using System.Text;
using EventCalls.Contracts;
using EventCalls.Replay.Audit.Diagrams;
using EventCalls.Store;
using Microsoft.AspNetCore.Http;

namespace EventCalls.Console.Calls;

/// <summary>A ladder as an image of its own.</summary>
internal static class LadderImage
{
    // Loaded by itself, an image of ours has its style within and needs nothing else; were there a script in it, it would not run.
    private const string PolicyOfImages = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; sandbox";

    /// <summary>The image.</summary>
    /// <param name="context">The request.</param>
    /// <param name="events">What happened.</param>
    /// <param name="title">What it is called.</param>
    public static IResult Of(HttpContext context, IReadOnlyList<StoredEvent> events, string title)
    {
        context.Response.Headers.ContentSecurityPolicy = PolicyOfImages;
        using var svg = new StringWriter();
        DiagramSvg.Write(CallDiagram.Of(events), svg, PlainText.Of(title), standsAlone: true);
        return TypedResults.Text(svg.ToString(), "image/svg+xml", Encoding.UTF8);
    }
}
