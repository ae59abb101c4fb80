namespace EventCalls.Host.Commands.Doctor;

/// <summary>How a check came out.</summary>
internal enum FindingStatus
{
    /// <summary>As it should be.</summary>
    Ok,

    /// <summary>The service runs like this, but perhaps not as it is meant to.</summary>
    Warning,

    /// <summary>The service does not run like this.</summary>
    Failed,
}
