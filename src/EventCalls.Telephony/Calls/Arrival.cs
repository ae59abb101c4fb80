using EventCalls.Sip.Dialogs;
using EventCalls.Sip.Messages;
using EventCalls.Telephony.Trunks;

namespace EventCalls.Telephony.Calls;

/// <summary>An INVITE that is to take the place of one side of a call (RFC 3891).</summary>
/// <param name="Leg">Its leg.</param>
/// <param name="Uri">Who it is, for others.</param>
/// <param name="Offer">What it offers.</param>
/// <param name="Trunk">The trunk it came in on; null for a call of another shard of this node.</param>
/// <param name="Name">Whose side it becomes: that of whom it replaces.</param>
internal sealed record Arrival(IncomingLeg Leg, string Uri, Content? Offer, Trunk? Trunk, string Name);
