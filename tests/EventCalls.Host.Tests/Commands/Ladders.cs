namespace EventCalls.Host.Tests.Commands;

/// <summary>How ladders look.</summary>
internal static class Ladders
{
    public const string ReferredThenBridged = "";

    public const string RefusedIn80Columns = "";
}
