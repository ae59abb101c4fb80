using System.Text.Json;
using EventCalls.Contracts;
using EventCalls.Store;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace EventCalls.Console.Problems;

/// <summary>Whatever goes wrong is answered as <c>application/problem+json</c> (RFC 9457), and nothing of the program's inside is told.</summary>
internal sealed partial class ProblemAnswers(ILogger logger)
{
    public async Task AnswerAsync(HttpContext context, RequestDelegate next)
    {
        try
        {
            await next(context).ConfigureAwait(false);
            if (context.Response is { HasStarted: false, StatusCode: >= 400, ContentLength: null, ContentType: null } && Of(context) is { } problem)
                await WriteAsync(context, problem).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            // Nobody listens any more.
        }
        catch (Exception e) when (!context.Response.HasStarted)
        {
            await WriteAsync(context, Of(context, e)).ConfigureAwait(false);
        }
    }

    private ApiProblemException Of(HttpContext context, Exception e)
    {
        switch (e)
        {
            case ApiProblemException problem:
                return problem;
            case BadHttpRequestException { StatusCode: 413 }:
                return new ApiProblemException(413, "Too large", "The body is larger than this end point takes; docs/api.md has the limits.");
            case BadHttpRequestException bad:
                return new ApiProblemException(bad.StatusCode, "Bad request", bad.Message);
            case StoreUnreachableException away:
                LogAway(away.Message);
                return new ApiProblemException(503, "Store not reachable", "The event store does not answer now; the service's log says more. Come again.") { RetryAfter = 5 };
            case DamagedEventException damaged:
                LogFailed(e, context.Request.Method, context.GetEndpoint()?.DisplayName);
                return new ApiProblemException(500, "Damaged event", PlainText.Of(damaged.Message));
            default:
                LogFailed(e, context.Request.Method, context.GetEndpoint()?.DisplayName);
                return new ApiProblemException(500, "Internal error", $"This did not work, and the service's log says why, at request {context.TraceIdentifier}.");
        }
    }

    private static ApiProblemException? Of(HttpContext context) => context.Response.StatusCode switch
    {
        404 => ApiProblemException.NotFound("There is nothing at this address; /openapi/v1.json lists what there is."),
        405 => new ApiProblemException(405, "Method not allowed", "The header Allow says which methods this address takes."),
        415 => new ApiProblemException(415, "Unsupported content", "Send JSON, with Content-Type: application/json."),
        >= 400 and var status => new ApiProblemException(status, "Not possible", "The request cannot be answered."),
        _ => null,
    };

    private static async Task WriteAsync(HttpContext context, ApiProblemException problem)
    {
        var response = context.Response;
        response.StatusCode = problem.Status;
        response.ContentType = "application/problem+json";
        if (problem.RetryAfter is { } seconds)
            response.Headers.RetryAfter = seconds.ToString(System.Globalization.CultureInfo.InvariantCulture);
        if (problem.Status == 401)
            response.Headers.WWWAuthenticate = "Bearer realm=\"eventcalls\"";
        var body = PlainJson.Bytes(writer => Write(writer, problem));
        response.ContentLength = body.Length;
        if (!HttpMethods.IsHead(context.Request.Method))
            await response.BodyWriter.WriteAsync(body, context.RequestAborted).ConfigureAwait(false);
    }

    private static void Write(Utf8JsonWriter writer, ApiProblemException problem)
    {
        writer.WriteStartObject();
        // RFC 9457 §4.2.1: what the status says is all that a program needs to know.
        writer.WriteString("type", "about:blank");
        writer.WriteString("title", problem.Title);
        writer.WriteNumber("status", problem.Status);
        writer.WriteString("detail", problem.Message);
        if (problem.Field is { } field)
            writer.WriteString("field", field);
        if (problem.Diagnostics is { Count: > 0 } diagnostics)
        {
            writer.WritePropertyName("diagnostics");
            JsonSerializer.Serialize(writer, diagnostics, ConsoleJson.Default.IReadOnlyListLogicDiagnostic);
        }
        writer.WriteEndObject();
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "A request found the store unreachable: {Reason}")]
    private partial void LogAway(string reason);

    [LoggerMessage(Level = LogLevel.Error, Message = "{Method} {Endpoint} failed")]
    private partial void LogFailed(Exception e, string method, string? endpoint);
}
