using System.Buffers.Text;
using EventCalls.Sip.Dialogs;
using EventCalls.Sip.Messages;

namespace EventCalls.Sip.Extensions.Reliable;

/// <summary>Acknowledges the reliable provisional responses to one INVITE of ours by PRACK, in the order of each early dialog (RFC 3262 §4).</summary>
/// <param name="isRequired">Whether the target must send them so; else it may.</param>
public sealed class ProvisionalAcks(bool isRequired) : LegExtension
{
    private const int MostForks = 16;

    private readonly List<EarlyDialog> _dialogs = [];

    internal override void AddTo(SipWriter request, SipMethod method)
    {
        if (method == SipMethod.Invite && Leg.State is LegState.Calling or LegState.Early)
            request.Raw(isRequired ? "Require: 100rel\r\n"u8 : "Supported: 100rel\r\n"u8);
    }

    internal override bool TakesProvisional(SipMessage response)
    {
        if (!response.Requires("100rel"u8) || !Utf8Parser.TryParse(response.Header(HeaderId.RSeq), out uint number, out _) || response.ToTag.IsEmpty)
            return true;
        if (Find(response.ToTag) is not { } early)
        {
            if (_dialogs.Count == MostForks)
                return true;
            _dialogs.Add(early = new EarlyDialog(((OutgoingLeg)Leg).EstablishEarly(response), number - 1));
        }
        // A repetition has its PRACK under way; one that overtook its forerunner comes again (§4).
        if (number != early.Last + 1)
            return false;
        early.Last = number;
        ((OutgoingLeg)Leg).OnReliable(early.Dialog, response);
        new Prack((OutgoingLeg)Leg, early.Dialog, number, response.CSeqNumber).Send();
        return true;
    }

    private EarlyDialog? Find(ReadOnlySpan<byte> tag)
    {
        foreach (var early in _dialogs)
        {
            if (tag.SequenceEqual(early.Dialog.RemoteTag))
                return early;
        }
        return null;
    }

    private sealed class EarlyDialog(Dialog dialog, uint last)
    {
        public Dialog Dialog { get; } = dialog;

        public uint Last { get; set; } = last;
    }
}
