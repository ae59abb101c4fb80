using EventCalls.Sip.Messages;

namespace EventCalls.Import.Captures;

/// <summary>A SIP message that was on the wire.</summary>
/// <param name="Time">When it was complete, UTC.</param>
/// <param name="Source">From where.</param>
/// <param name="Destination">To where.</param>
/// <param name="Transport"><c>udp</c> or <c>tcp</c>.</param>
/// <param name="Message">The message; valid until the next one is read.</param>
/// <param name="Offset">Where in the file it was complete.</param>
internal readonly record struct CapturedMessage(
    DateTimeOffset Time, NetEndPoint Source, NetEndPoint Destination, string Transport, SipMessage Message, long Offset);
