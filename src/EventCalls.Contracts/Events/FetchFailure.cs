using System.Text.Json.Serialization;

namespace EventCalls.Contracts;

/// <summary>Why a fetch that routing logic made came to no answer.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<FetchFailure>))]
public enum FetchFailure
{
    /// <summary>No source of that name is configured.</summary>
    [JsonStringEnumMemberName("not_configured")]
    NotConfigured,

    /// <summary>The source did not answer in its time, or not in what the decision had left of its own.</summary>
    [JsonStringEnumMemberName("timed_out")]
    TimedOut,

    /// <summary>There was no connection, or it broke.</summary>
    [JsonStringEnumMemberName("unreachable")]
    Unreachable,

    /// <summary>The source failed too often in a row and was not asked.</summary>
    [JsonStringEnumMemberName("breaker_open")]
    BreakerOpen,

    /// <summary>It answered with a status that is neither a success nor says that there is no such thing.</summary>
    [JsonStringEnumMemberName("http_status")]
    HttpStatus,

    /// <summary>The answer was longer than is kept with a call.</summary>
    [JsonStringEnumMemberName("too_large")]
    TooLarge,

    /// <summary>The answer was no JSON.</summary>
    [JsonStringEnumMemberName("not_json")]
    NotJson,

    /// <summary>The key cannot be asked for: it is too long, has control characters, or would lead to another path.</summary>
    [JsonStringEnumMemberName("bad_key")]
    BadKey,
}
