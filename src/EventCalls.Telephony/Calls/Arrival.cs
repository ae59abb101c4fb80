using EventCalls.Sip.Dialogs;
using EventCalls.Sip.Messages;
using EventCalls.Telephony.Trunks;

namespace EventCalls.Telephony.Calls;

/// <summary>An INVITE that is to take the place of one side of a call (RFC 3891), with what it offers, and whose side it becomes: that of whom it replaces.</summary>
internal sealed record Arrival(IncomingLeg Leg, Content? Offer, Trunk Trunk, string Name);
