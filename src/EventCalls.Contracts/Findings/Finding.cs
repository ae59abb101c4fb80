using System.Text.Json.Serialization;

namespace EventCalls.Contracts.Findings;

/// <summary>What a room found when it looked at what it needs, for those who run it.</summary>
/// <param name="Check">What was looked at, such as <c>bus</c>.</param>
/// <param name="Status">How it came out.</param>
/// <param name="Message">What was found, one sentence.</param>
/// <param name="Advice">What to do; null when there is nothing to do.</param>
/// <param name="Fault">What kind of thing is wrong.</param>
public sealed record Finding(string Check, FindingStatus Status, string Message, string? Advice, [property: JsonIgnore] FindingFault Fault)
{
    /// <summary>It is as it should be.</summary>
    public static Finding Ok(string check, string message) => new(check, FindingStatus.Ok, message, null, FindingFault.None);

    /// <summary>It works like this, but perhaps not as it is meant to.</summary>
    public static Finding Warning(string check, string message, string advice) => new(check, FindingStatus.Warning, message, advice, FindingFault.None);

    /// <summary>It does not work like this.</summary>
    public static Finding Failed(string check, string message, string advice, FindingFault fault) => new(check, FindingStatus.Failed, message, advice, fault);

    /// <summary>Something it needs cannot be reached.</summary>
    public static Finding Unreachable(string check, string message, string advice) => Failed(check, message, advice, FindingFault.Unreachable);
}

/// <summary>How a check came out.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<FindingStatus>))]
public enum FindingStatus
{
    /// <summary>As it should be.</summary>
    [JsonStringEnumMemberName("ok")]
    Ok,

    /// <summary>The service runs like this, but perhaps not as it is meant to.</summary>
    [JsonStringEnumMemberName("warning")]
    Warning,

    /// <summary>The service does not run like this.</summary>
    [JsonStringEnumMemberName("failed")]
    Failed,
}

/// <summary>What kind of thing is wrong.</summary>
public enum FindingFault
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>What was configured cannot be used.</summary>
    Configuration,

    /// <summary>Something that is needed cannot be reached.</summary>
    Unreachable,

    /// <summary>It can be reached and is not as it must be.</summary>
    NotSo,
}
