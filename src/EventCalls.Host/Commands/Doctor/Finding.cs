using System.Text.Json.Serialization;

namespace EventCalls.Host.Commands.Doctor;

/// <summary>What a check found.</summary>
/// <param name="Check">What was looked at, such as <c>bus</c>.</param>
/// <param name="Status">How it came out.</param>
/// <param name="Message">What was found, one sentence.</param>
/// <param name="Advice">What to do; null when there is nothing to do.</param>
/// <param name="ExitCode">What the process should exit with when this is the worst.</param>
internal sealed record Finding(string Check, FindingStatus Status, string Message, string? Advice, [property: JsonIgnore] int ExitCode)
{
    public static Finding Ok(string check, string message) => new(check, FindingStatus.Ok, message, null, ExitCodes.Done);

    public static Finding Warning(string check, string message, string advice) => new(check, FindingStatus.Warning, message, advice, ExitCodes.Done);

    public static Finding Failed(string check, string message, string advice, int exitCode) => new(check, FindingStatus.Failed, message, advice, exitCode);

    public static Finding Unreachable(string check, string message, string advice) => Failed(check, message, advice, ExitCodes.Unreachable);
}

/// <summary>How a check came out.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<FindingStatus>))]
internal enum FindingStatus
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

/// <summary>All findings, as one JSON object; the names of the members are a promise (docs/command-line.md).</summary>
/// <param name="findings">The findings.</param>
internal sealed class DoctorObject(IReadOnlyList<Finding> findings)
{
    public bool Ok => findings.All(f => f.Status != FindingStatus.Failed);

    public IReadOnlyList<Finding> Findings => findings;
}
