using EventCalls.Console.Problems;
using EventCalls.Contracts;
using Microsoft.AspNetCore.Http;

namespace EventCalls.Console.Commands;

/// <summary>The header by which a command that is given again is known to be the same.</summary>
internal static class IdempotencyKey
{
    public const string Header = "Idempotency-Key";
    private const int MaxLength = 100;

    /// <summary>The id of a command: the same for the same key of the same caller and call, and a new one without.</summary>
    public static Guid IdOf(HttpContext context, Guid callId, string caller)
    {
        var values = context.Request.Headers[Header];
        if (values.Count == 0)
            return Guid.CreateVersion7();
        // Quotes are part of the header's form, and not of the key.
        string key = values.Count == 1 ? values[0]!.Trim('"') : "";
        if (key.Length is 0 or > MaxLength || key.Any(c => c is < ' ' or > '~'))
            throw new ApiProblemException(400, "Invalid header", $"{Header} is one text of 1 to {MaxLength} printable ASCII characters, such as a UUID.") { Field = Header };
        return EventIds.Derive(callId, $"command {caller} {key}");
    }
}
