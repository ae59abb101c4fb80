using EventCalls.Sip.Messages;
using EventCalls.Sip.Transactions;

namespace EventCalls.Sip.Dialogs;

/// <summary>What a request may ask of us beyond its method: its URI's scheme and its Require (RFC 3261 §8.2.2.1, §8.2.2.3).</summary>
internal static class Requirements
{
    /// <summary>Refuses what is not understood: 416 and 420; false when there is nothing to refuse.</summary>
    public static bool Refuse(UserAgent agent, SipMessage request, Hop hop)
    {
        // A sips URI asks for TLS on every hop, and this one is none (§26.2.2).
        if (!SipUri.TryParse(request.RequestUri, out var uri)
            || !(uri.Scheme is UriScheme.Sip or UriScheme.Tel || (uri.Scheme == UriScheme.Sips && hop.Protocol.IsSecure())))
        {
            agent.ReplyStateless(request, hop, 416, null);
            return true;
        }
        // An ACK and a CANCEL have no Require that counts, and never come here.
        if (!request.Has(HeaderId.Require))
            return false;
        var unsupported = new SipWriter();
        foreach (var option in request.Values(HeaderId.Require))
        {
            if (!agent.Capabilities.Understands(option))
                unsupported.Header(HeaderId.Unsupported, option);
        }
        if (unsupported.Written.IsEmpty)
            return false;
        agent.ReplyStateless(request, hop, 420, null, unsupported.Written);
        return true;
    }
}
