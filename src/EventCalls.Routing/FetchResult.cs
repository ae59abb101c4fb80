using System.Globalization;
using System.Text.Json;
using EventCalls.Contracts;

namespace EventCalls.Routing;

/// <summary>What a fetch came to: an answer, that there is no such thing, or why there is no answer.</summary>
public sealed class FetchResult
{
    internal FetchResult(FetchAnswer answer)
    {
        Status = answer.Status;
        Failure = answer.Failure;
        Detail = answer.Detail;
        if (answer.Json is { } json)
            Json = JsonElement.Parse(json);
    }

    /// <summary>Whether there is an answer to read.</summary>
    public bool Found => Json is not null;

    /// <summary>The HTTP status; null when there was no answer.</summary>
    public int? Status { get; }

    /// <summary>Why there is no answer; null when the source answered, also that there is no such thing (404, 410, or nothing in the body).</summary>
    public FetchFailure? Failure { get; }

    /// <summary>More about the failure, for people; null for nothing.</summary>
    public string? Detail { get; }

    /// <summary>The answer; null when there is none.</summary>
    public JsonElement? Json { get; }

    /// <summary>A value of the answer as text: a string as it is, anything else as its JSON; null when it is absent, or there is no answer.</summary>
    /// <param name="path">Names of members with dots between them, numbers for items of a list: <c>customer.tags.0</c>.</param>
    public string? this[string path]
    {
        get
        {
            ArgumentNullException.ThrowIfNull(path);
            if (Json is not { } at)
                return null;
            foreach (string name in path.Split('.'))
            {
                if (at.ValueKind == JsonValueKind.Object && at.TryGetProperty(name, out var member))
                    at = member;
                else if (at.ValueKind == JsonValueKind.Array && int.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out int index) && index < at.GetArrayLength())
                    at = at[index];
                else
                    return null;
            }

            return at.ValueKind switch
            {
                JsonValueKind.String => at.GetString(),
                JsonValueKind.Null or JsonValueKind.Undefined => null,
                _ => at.GetRawText(),
            };
        }
    }
}
