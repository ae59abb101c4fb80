using EventCalls.Sip.Messages;
using EventCalls.Sip.Transactions;
using EventCalls.Sip.Transport;

namespace EventCalls.Telephony.Trust;

/// <summary>Says what was refused and why. Safe from any thread.</summary>
internal sealed class RefusalReport(RefusalLog log)
{
    /// <summary>A message was refused.</summary>
    /// <param name="message">The message.</param>
    /// <param name="hop">Where it came from.</param>
    /// <param name="cause">Why.</param>
    /// <param name="why">The same in words, and what to configure if that is wrong.</param>
    public void Of(SipMessage message, Hop hop, RefusalCause cause, string why) =>
        log.Refused(hop.Remote.Address, $"{NameOf(message)} over {hop.Protocol.Name()} from", why);

    private static string NameOf(SipMessage message) =>
        !message.IsRequest ? "A response" : message.Method == SipMethod.Other ? "A request" : SipText.Get(SipMethods.Name(message.Method));
}

/// <summary>Why something was refused.</summary>
internal enum RefusalCause
{
    Stranger,
    WrongPassword,
    WrongToken,
}
