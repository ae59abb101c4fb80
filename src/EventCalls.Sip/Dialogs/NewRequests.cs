using EventCalls.Sip.Messages;
using EventCalls.Sip.Transactions;

namespace EventCalls.Sip.Dialogs;

/// <summary>Requests outside a dialog: admitted, checked in the order of RFC 3261 §8.2, and made a leg when they are INVITEs.</summary>
internal sealed class NewRequests(UserAgent agent)
{
    public void Receive(SipMessage request, Hop hop)
    {
        if (!agent.Handler.Admits(request, hop))
        {
            agent.Refuse(request, hop);
            return;
        }
        if (request.Raw.Length > agent.Options.MaxMessageBytes)
        {
            agent.ReplyStateless(request, hop, 513, null);
            return;
        }
        switch (request.Method)
        {
            case SipMethod.Invite:
                ReceiveInvite(request, hop);
                break;
            case SipMethod.Options:
                agent.AnswerOptions(request, hop);
                break;
            case SipMethod.Bye or SipMethod.Notify or SipMethod.Update or SipMethod.Info or SipMethod.Prack or SipMethod.Refer:
                // These mean something within a dialog only, and name none.
                agent.ReplyStateless(request, hop, 481, null);
                break;
            default:
                agent.RefuseMethod(request, hop);
                break;
        }
    }

    private void ReceiveInvite(SipMessage invite, Hop hop)
    {
        if (agent.Table.FindMerged(invite) is not null)
        {
            agent.ReplyStateless(invite, hop, 482, null);
            return;
        }
        if (invite.FromTag.IsEmpty && !invite.ViaBranch.StartsWith(IdSource.Cookie))
        {
            // RFC 2543 callers had no tag; a dialog with one is not worth its risk any more.
            agent.ReplyStateless(invite, hop, 400, "Missing From Tag");
            return;
        }
        if (!SipUri.TryParse(invite.RequestUri, out var uri))
        {
            agent.ReplyStateless(invite, hop, 400, "Bad Request-URI");
            return;
        }
        if (uri.Scheme is not (UriScheme.Sip or UriScheme.Sips or UriScheme.Tel))
        {
            agent.ReplyStateless(invite, hop, 416, null);
            return;
        }
        if (invite.MaxForwards == 0)
        {
            agent.ReplyStateless(invite, hop, 483, null);
            return;
        }
        if (Refuses(invite, hop))
            return;
        if (agent.AcceptInvite(invite, hop) is not { } transaction)
            return;
        var localTag = new byte[IdSource.TokenLength];
        ulong id = agent.Table.Ids.Next(localTag);
        var dialog = Dialog.OfReceived(invite, hop, localTag);
        var leg = new IncomingLeg(agent, id, dialog, UnownedLeg.Instance, transaction);
        agent.Add(leg);
        agent.Handler.OnInvite(leg, invite);
    }

    /// <summary>Extensions and bodies we do not understand (RFC 3261 §8.2.2.3, §8.2.3).</summary>
    private bool Refuses(SipMessage invite, Hop hop)
    {
        if (invite.Has(HeaderId.Require))
        {
            var unsupported = new SipWriter();
            foreach (var option in invite.Values(HeaderId.Require))
                unsupported.Header(HeaderId.Unsupported, option);
            agent.ReplyStateless(invite, hop, 420, null, unsupported.Written);
            return true;
        }
        if (invite.Has(HeaderId.ContentEncoding) && !SipText.EqualsIgnoreCase(invite.Header(HeaderId.ContentEncoding), "identity"u8))
        {
            agent.ReplyStateless(invite, hop, 415, null, "Accept: application/sdp\r\nAccept-Encoding: identity\r\n"u8);
            return true;
        }
        if (!invite.Body.IsEmpty && !IsSdp(invite.ContentType) && !StartsWith(invite.ContentType, "multipart/"u8))
        {
            agent.ReplyStateless(invite, hop, 415, null, "Accept: application/sdp\r\n"u8);
            return true;
        }
        return false;
    }

    private static bool IsSdp(ReadOnlySpan<byte> contentType) => StartsWith(contentType, "application/sdp"u8);

    private static bool StartsWith(ReadOnlySpan<byte> text, ReadOnlySpan<byte> start) =>
        text.Length >= start.Length && SipText.EqualsIgnoreCase(text[..start.Length], start);
}
