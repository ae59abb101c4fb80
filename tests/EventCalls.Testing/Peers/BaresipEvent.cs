namespace EventCalls.Testing;

/// <summary>One event of baresip.</summary>
/// <param name="Type"><c>CALL_INCOMING</c>, <c>CALL_ESTABLISHED</c>, <c>CALL_CLOSED</c>, <c>TRANSFER</c> …</param>
/// <param name="Direction"><c>incoming</c> or <c>outgoing</c>.</param>
/// <param name="Peer">The other side's address.</param>
/// <param name="CallId">The SIP Call-ID.</param>
/// <param name="Detail">What baresip adds, such as why a call was closed.</param>
public sealed record BaresipEvent(string Type, string Direction, string Peer, string CallId, string Detail);
