using EventCalls.Sip.Dialogs;
using EventCalls.Sip.Messages;

namespace EventCalls.Telephony.Calls;

/// <summary>A refresh of one side's session timer (RFC 4028 §7.4): it changes nothing, and so it is answered here and the other side hears nothing of it.</summary>
internal static class SessionRefresh
{
    /// <summary>Answers the request when it is one; false when it asks for more.</summary>
    public static bool TryAnswer(IncomingRequest request, CallSide from)
    {
        var message = request.Message;
        if (!message.Has(HeaderId.SessionExpires))
            return false;
        if (request.Method == SipMethod.Update && message.Body.IsEmpty)
        {
            request.Respond(200);
            return true;
        }
        // The same version of the session as before (RFC 3264 §8): so is the answer.
        if (request.Method is not (SipMethod.Invite or SipMethod.Update)
            || from.Leg.LocalDescription is not { } ours
            || from.Session.Described is not { } theirs
            || !message.Body.SequenceEqual(theirs.Body.Span))
            return false;
        request.Respond(200, null, ours);
        return true;
    }
}
