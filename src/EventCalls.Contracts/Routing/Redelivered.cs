namespace EventCalls.Contracts;

/// <summary>The mark on a message that failed and was sent round again.</summary>
public static class Redelivered
{
    /// <summary>The message header; it says how often that was.</summary>
    public const string Header = "EC-Redelivery";
}
