namespace EventCalls.Host.Commands.Doctor;

/// <summary>What a check found.</summary>
/// <param name="Check">What was looked at, such as <c>bus</c>.</param>
/// <param name="Status">How it came out.</param>
/// <param name="Message">What was found, one sentence.</param>
/// <param name="Advice">What to do; null when there is nothing to do.</param>
/// <param name="ExitCode">What the process should exit with when this is the worst.</param>
internal sealed record Finding(string Check, FindingStatus Status, string Message, string? Advice, int ExitCode)
{
    public static Finding Ok(string check, string message) => new(check, FindingStatus.Ok, message, null, ExitCodes.Done);

    public static Finding Warning(string check, string message, string advice) => new(check, FindingStatus.Warning, message, advice, ExitCodes.Done);

    public static Finding Failed(string check, string message, string advice, int exitCode) => new(check, FindingStatus.Failed, message, advice, exitCode);

    public static Finding Unreachable(string check, string message, string advice) => Failed(check, message, advice, ExitCodes.Unreachable);
}
