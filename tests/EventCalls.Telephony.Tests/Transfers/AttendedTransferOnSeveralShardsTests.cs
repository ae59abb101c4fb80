namespace EventCalls.Telephony.Tests.Transfers;

/// <summary>The same on a node of four shards: the two calls are on two of them, and an INVITE is read by any.</summary>
public sealed class AttendedTransferOnSeveralShardsTests() : AttendedTransferTests(4);
