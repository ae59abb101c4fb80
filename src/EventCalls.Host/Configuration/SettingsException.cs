namespace EventCalls.Host.Configuration;

/// <summary>The configuration cannot be used; every error names its key, the value and what would be right.</summary>
internal sealed class SettingsException(IReadOnlyList<string> errors) : Exception(string.Join(Environment.NewLine, errors))
{
    /// <summary>All errors, one line each.</summary>
    public IReadOnlyList<string> Errors { get; } = errors;
}
