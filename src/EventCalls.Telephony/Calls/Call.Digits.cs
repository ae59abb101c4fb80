using EventCalls.Sip.Dialogs;
using EventCalls.Sip.Messages;

namespace EventCalls.Telephony.Calls;

/// <content>Digits on their way to the other side, in the form that side takes: in its audio (RFC 4733) or in INFO.</content>
internal sealed partial class Call
{
    /// <summary>An INFO with a digit: said in the other side's audio and answered, where that side takes digits so and whoever pressed it has INFO alone; false where it goes on as an INFO.</summary>
    public bool TrySay(IncomingRequest request, CallSide from, CallSide to)
    {
        from.Session.PressesPlainly = InfoDigits.IsPlain(request.Message);
        if (SpokenTo(to.Session) is not { TakesDigits: true } media || to.Leg.State is not (LegState.Answered or LegState.Confirmed))
            return false;
        // Who has both presses once in each, or in the one that the other side has too.
        bool hasBoth = SpokenTo(from.Session)?.TakesDigits == true && to.Leg.PeerTakesInfo != false;
        if (hasBoth || from.Session.PressesInAudio || !InfoDigits.TryRead(request.Message, out string digit, out int? durationMs))
            return false;
        media.Press(digit[0], durationMs ?? 0);
        request.Respond(200);
        return true;
    }

    /// <summary>A digit was pressed in the audio of a side: the other one got it there, or gets it in INFO.</summary>
    public void OnPressed(LegSession session, char digit, int milliseconds)
    {
        session.PressesInAudio = true;
        RecordDigit(NameOf(session), digit.ToString(), milliseconds);
        if (Bridge is not { } bridge)
            return;
        var to = session == Session ? bridge.Peer : session == bridge.Peer.Session ? Kept : null;
        if (to is { Session: { TakesInfo: true } other, IsConfirmed: true } && SpokenTo(other) is { TakesDigits: false })
            to.Leg.Request(SipMethod.Info, InfoDigits.Write(digit, milliseconds, other.PressesPlainly), null, null);
    }
}
