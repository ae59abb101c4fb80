using System.Buffers.Text;
using EventCalls.Sip.Dialogs;
using EventCalls.Sip.Messages;
using EventCalls.Sip.Transactions;

namespace EventCalls.Sip.Extensions.Reliable;

/// <summary>Sends the provisional responses to one received INVITE reliably: one at a time, each again until its PRACK comes (RFC 3262 §3).</summary>
/// <remarks>
/// The first description that is sent so is the answer to the INVITE's offer, and no later response brings another one (RFC 3261 §13.2.1); a 200 waits for its PRACK (§3).
/// To an INVITE without an offer nothing provisional is sent: the first of them would have to bring an offer of ours (§5).
/// </remarks>
public sealed class ReliableRinging : LegExtension
{
    private const int MostWaiting = 8;

    private readonly bool _hasOffer;
    private readonly Repetition _repetition;
    private readonly Queue<(int Status, Content? Content, IReadOnlyList<HeaderLine>? Headers)> _waiting = new();
    private (Content? Content, IReadOnlyList<HeaderLine>? Headers)? _heldAnswer;
    private uint _number;
    private readonly uint _invite;
    private int _lastStatus;
    private bool _isOutstanding;
    private bool _describes;
    private bool _isWriting;
    private long _interval;
    private long _givesUpAt;

    private ReliableRinging(SipMessage invite)
    {
        _hasOffer = !invite.Body.IsEmpty;
        _invite = invite.CSeqNumber;
        _repetition = new Repetition(this);
    }

    private IncomingLeg Incoming => (IncomingLeg)Leg;

    /// <summary>Has a leg ring reliably as its INVITE and the setting ask; false when the INVITE was refused, 420 or 421.</summary>
    public static bool TryUse(IncomingLeg leg, SipMessage invite, ReliableUse use)
    {
        bool requires = invite.Requires("100rel"u8);
        if (use == ReliableUse.Off && requires)
        {
            leg.Reject(420, null, [new HeaderLine("Unsupported", "100rel")]);
            return false;
        }
        bool supports = requires || (use is ReliableUse.Supported or ReliableUse.Required && invite.Supports("100rel"u8));
        if (use == ReliableUse.Required && !supports)
        {
            leg.Reject(421, null, [new HeaderLine("Require", "100rel")]);
            return false;
        }
        // Without an offer nobody who has a choice is rung reliably.
        if (requires || (supports && !invite.Body.IsEmpty))
            leg.Use(new ReliableRinging(invite));
        return true;
    }

    /// <summary>Whether a response waits for its PRACK.</summary>
    internal override bool HasSettledEarly => !_isOutstanding;

    internal override bool TrySend(int status, Content? content, IReadOnlyList<HeaderLine>? headers)
    {
        if (!_hasOffer || _heldAnswer is not null)
            return true;
        if (!_isOutstanding)
            Send(status, content, headers);
        else if (_waiting.Count < MostWaiting && (status != _lastStatus || content is not null))
            _waiting.Enqueue((status, content, headers));
        return true;
    }

    internal override bool Holds(Content? content, IReadOnlyList<HeaderLine>? headers)
    {
        _waiting.Clear();
        if (_isOutstanding && _describes)
        {
            _heldAnswer = (content, headers);
            return true;
        }
        Leg.Agent.Wheel.Cancel(_repetition);
        return false;
    }

    internal override void AddTo(SipWriter response, SipMethod method, int status)
    {
        if (!_isWriting)
            return;
        response.Raw("Require: 100rel\r\n"u8);
        response.Header(HeaderId.RSeq, _number);
        // The peer may send UPDATE from now on (RFC 3311 §5.1).
        response.Raw(Leg.Agent.Capabilities.Allow(inDialog: true));
    }

    internal override bool TryTake(SipMessage request, Hop hop)
    {
        if (request.Method != SipMethod.Prack)
            return false;
        if (Leg.Agent.Accept(request, hop) is not { } transaction)
            return true;
        bool matches = _isOutstanding && Acknowledges(request.Header(HeaderId.RAck));
        // An offer in it is none that anybody here could answer; what it acknowledges has arrived all the same.
        transaction.Send(!matches ? 481 : request.Body.IsEmpty ? 200 : 488, null, Leg.Dialog.LocalTag);
        if (matches)
            GoOn();
        return true;
    }

    internal override void OnClosed() => Leg.Agent.Wheel.Cancel(_repetition);

    private void Send(int status, Content? content, IReadOnlyList<HeaderLine>? headers)
    {
        // It was answered reliably before: that stands (RFC 3261 §13.2.1).
        if (Leg.LocalDescription is not null)
            content = null;
        _number = _number == 0 ? (uint)Leg.Agent.Random.Next(int.MaxValue / 2) + 1 : _number + 1;
        _lastStatus = status;
        _isWriting = true;
        try
        {
            Incoming.SendProvisional(status, content, headers);
        }
        finally
        {
            _isWriting = false;
        }
        // What could not be written waits for no PRACK.
        _isOutstanding = true;
        _describes = content is not null;
        Leg.Describe(content);
        _interval = Leg.Agent.Timers.T1;
        _givesUpAt = Leg.Agent.Now + Leg.Agent.Timers.T1x64;
        Leg.Agent.Wheel.Schedule(_repetition, _interval);
    }

    private void GoOn()
    {
        _isOutstanding = false;
        Leg.Agent.Wheel.Cancel(_repetition);
        if (_heldAnswer is var (content, headers))
        {
            _heldAnswer = null;
            Incoming.Answer(content, headers);
        }
        else if (_waiting.TryDequeue(out var next))
        {
            Send(next.Status, next.Content, next.Headers);
        }
    }

    /// <summary>Reads <c>response-num CSeq-num Method</c> (§7.2).</summary>
    private bool Acknowledges(ReadOnlySpan<byte> value)
    {
        if (!Utf8Parser.TryParse(value, out uint number, out int read) || number != _number)
            return false;
        value = SipText.Trim(value[read..]);
        return Utf8Parser.TryParse(value, out uint cseq, out read) && cseq == _invite && SipText.Trim(value[read..]).SequenceEqual("INVITE"u8);
    }

    private void Repeat()
    {
        if (Leg.Agent.Now >= _givesUpAt)
        {
            Incoming.GiveUp(504);
            return;
        }
        Incoming.SendProvisionalAgain();
        // It doubles without an upper limit, unlike that of a 2xx (§3).
        _interval *= 2;
        Leg.Agent.Wheel.Schedule(_repetition, Math.Min(_interval, _givesUpAt - Leg.Agent.Now));
    }

    private sealed class Repetition(ReliableRinging ringing) : WheelTimer
    {
        protected internal override void Fire() => ringing.Repeat();

        protected internal override bool TakeFault(Exception e)
        {
            ringing.Leg.Fail(e);
            return true;
        }
    }
}
