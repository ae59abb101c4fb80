using EventCalls.Sip.Messages;
using EventCalls.Sip.Transactions;

namespace EventCalls.Sip.Dialogs;

/// <content>Requests that go no further, and of which nothing is kept.</content>
public sealed partial class UserAgent
{
    /// <summary>Turns away whom nobody knows, and keeps nothing of it: 481 for what belongs to a call, 403 for what begins one, or silence.</summary>
    internal void Refuse(SipMessage request, Hop hop)
    {
        if (!Handler.OnRefused(request, hop) || !Options.AnswersStrangers || request.Method == SipMethod.Ack)
            return;
        bool ofCall = !request.ToTag.IsEmpty || request.Method == SipMethod.Cancel;
        ReplyStateless(request, hop, ofCall ? 481 : 403, null);
    }

    /// <summary>Whether a request goes no further: it was answered, or passed over. Else whom its sender is taken for.</summary>
    internal bool Stops(SipMessage request, Hop hop, Leg? leg, out object? who)
    {
        who = null;
        if (hop.IsInside)
            return false;
        var admission = Handler.Examine(request, hop, leg);
        who = admission.Who;
        switch (admission.Kind)
        {
            case AdmissionKind.Taken:
                return false;
            case AdmissionKind.Answered:
                ReplyStateless(request, hop, admission.Status, null, admission.Lines);
                break;
            case AdmissionKind.Refused:
                Refuse(request, hop);
                break;
        }
        return true;
    }

    /// <summary>405 with Allow for a method we know, 501 for one we don't (RFC 3261 §8.2.1).</summary>
    internal void RefuseMethod(SipMessage request, Hop hop, bool inDialog) =>
        ReplyStateless(request, hop, request.Method == SipMethod.Other ? 501 : 405, null, Capabilities.Allow(inDialog));

    /// <summary>Whether a request begins something; a CANCEL goes on with what began.</summary>
    private static bool Begins(SipMessage message) => message.IsRequest && message.ToTag.IsEmpty && message.Method != SipMethod.Cancel;

    /// <summary>Whether a message belongs to a transaction or dialog that is there: so much is taken of a peer of whom nothing else is read.</summary>
    private bool IsOfCall(SipMessage message) =>
        !message.IsRequest ? Table.FindClient(message) is not null
        : message.Method == SipMethod.Cancel ? Table.FindCancelled(message) is not null
        : FindLeg(message) is not null || Table.FindServer(message, message.Method == SipMethod.Ack ? SipMethod.Invite : message.Method) is not null;
}
