using EventCalls.Sip.Messages;

namespace EventCalls.Sip.Dialogs;

/// <summary>Something besides the INVITE that lives in a dialog, such as a subscription; it keeps the dialog while it lasts (RFC 5057).</summary>
internal abstract class DialogUsage
{
    /// <summary>Takes a NOTIFY that belongs to it and answers it; false when it is another's.</summary>
    public abstract bool TryTakeNotify(SipMessage notify, IncomingRequest request);
}
