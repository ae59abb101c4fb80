namespace EventCalls.Sip.Transport;

/// <summary>An end point can't be listened on; the message names it and the reason.</summary>
public sealed class ListenException(ListenPoint point, string reason, Exception inner)
    : Exception($"Cannot listen on {point}: {reason}", inner)
{
    /// <summary>The end point.</summary>
    public ListenPoint Point { get; } = point;
}
