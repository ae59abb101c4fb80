using EventCalls.Sip.Dialogs;
using EventCalls.Sip.Messages;
using EventCalls.Sip.Transactions;

namespace EventCalls.Telephony.Calls;

/// <summary>For requests whose answer changes nothing.</summary>
internal sealed class IgnoredResponse : IRequestHandler
{
    /// <summary>The one there is.</summary>
    public static readonly IgnoredResponse Instance = new();

    /// <inheritdoc />
    public void OnResponse(OutgoingRequest request, SipMessage response)
    {
    }

    /// <inheritdoc />
    public void OnNoResponse(OutgoingRequest request, NoResponse why)
    {
    }
}
