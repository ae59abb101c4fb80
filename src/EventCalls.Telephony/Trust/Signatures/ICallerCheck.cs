using EventCalls.Contracts;
using EventCalls.Sip.Messages;

namespace EventCalls.Telephony.Trust.Signatures;

/// <summary>Finds out who vouches for the caller of an INVITE. Safe from any thread.</summary>
internal interface ICallerCheck
{
    /// <summary>What the checks of its Identity headers come to, one for each, in their order; null when there is none.</summary>
    IReadOnlyList<IdentityCheck>? Check(SipMessage invite);
}

/// <summary>What was found out when the call was recorded: certificates and clocks have gone on since.</summary>
internal sealed class RecordedIdentity(IReadOnlyList<IdentityCheck>? checks) : ICallerCheck
{
    /// <inheritdoc />
    public IReadOnlyList<IdentityCheck>? Check(SipMessage invite) => checks;
}
