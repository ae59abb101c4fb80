using EventCalls.Sip.Messages;
using EventCalls.Sip.Transactions;

namespace EventCalls.Sip.Dialogs;

/// <summary>Requests outside a dialog: admitted, checked in the order of RFC 3261 §8.2, and made a leg when they are INVITEs.</summary>
internal sealed class NewRequests(UserAgent agent)
{
    public void Receive(SipMessage request, Hop hop)
    {
        if (agent.Stops(request, hop, null, out object? who))
            return;
        if (request.Raw.Length > agent.Options.MaxMessageBytes)
        {
            agent.ReplyStateless(request, hop, 513, null);
            return;
        }
        if (!agent.Capabilities.Takes(request.Method, inDialog: false))
        {
            agent.RefuseMethod(request, hop, inDialog: false);
            return;
        }
        if (request.FromTag.IsEmpty && request.ViaBranch.StartsWith(IdSource.Cookie))
        {
            // Only callers of RFC 2543 have no tag, and those have no such branch (RFC 3261 §8.1.1.3, §12.1.1).
            agent.ReplyStateless(request, hop, 400, "Missing From Tag");
            return;
        }
        if (Requirements.Refuse(agent, request, hop))
            return;
        switch (request.Method)
        {
            case SipMethod.Invite:
                ReceiveInvite(request, hop, who);
                break;
            case SipMethod.Options:
                agent.AnswerOptions(request, hop, inDialog: false);
                break;
            default:
                // What else is allowed means something within a dialog only, and names none.
                agent.ReplyStateless(request, hop, agent.Capabilities.StatusOutsideDialog(request.Method), null);
                break;
        }
    }

    private void ReceiveInvite(SipMessage invite, Hop hop, object? who)
    {
        if (agent.Table.IsMerged(invite))
        {
            agent.ReplyStateless(invite, hop, 482, null);
            return;
        }
        if (invite.MaxForwards == 0)
        {
            agent.ReplyStateless(invite, hop, 483, null);
            return;
        }
        if (Refuses(invite, hop))
            return;
        if (Dialog.WhyUnusable(invite) is { } whyNot)
        {
            agent.ReplyStateless(invite, hop, 400, whyNot);
            return;
        }
        if (agent.AcceptInvite(invite, hop) is not { } transaction)
            return;
        var localTag = new byte[IdSource.TokenLength];
        ulong id = agent.Table.Ids.Next(localTag);
        var leg = new IncomingLeg(agent, id, Dialog.OfReceived(invite, hop, localTag), transaction, invite) { AdmittedAs = who };
        agent.Add(leg);
        try
        {
            agent.Handler.OnInvite(leg, invite);
        }
        catch (Exception e)
        {
            leg.Fail(e);
        }
    }

    /// <summary>Bodies we do not understand (RFC 3261 §8.2.3).</summary>
    private bool Refuses(SipMessage invite, Hop hop)
    {
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
        if (!invite.Body.IsEmpty && invite.Has(HeaderId.ContentDisposition) && !IsUnderstood(invite.Header(HeaderId.ContentDisposition)))
        {
            agent.ReplyStateless(invite, hop, 415, null, "Accept: application/sdp\r\n"u8);
            return true;
        }
        return false;
    }

    /// <summary>A body for something else than the session is refused, unless it need not be understood (RFC 3261 §20.11).</summary>
    private static bool IsUnderstood(ReadOnlySpan<byte> disposition)
    {
        int end = disposition.IndexOf((byte)';');
        var type = SipText.Trim(end < 0 ? disposition : disposition[..end]);
        return SipText.EqualsIgnoreCase(type, "session"u8) || SipText.EqualsIgnoreCase(type, "render"u8)
            || (end >= 0 && ParameterText.TryGet(disposition[(end + 1)..], "handling"u8, out var handling) && SipText.EqualsIgnoreCase(handling, "optional"u8));
    }

    private static bool IsSdp(ReadOnlySpan<byte> contentType) => StartsWith(contentType, "application/sdp"u8);

    private static bool StartsWith(ReadOnlySpan<byte> text, ReadOnlySpan<byte> start) =>
        text.Length >= start.Length && SipText.EqualsIgnoreCase(text[..start.Length], start);
}
