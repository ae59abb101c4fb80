using System.Globalization;
using System.Text;
using EventCalls.Sip.Dialogs;
using EventCalls.Sip.Messages;
using EventCalls.Sip.Transactions;

namespace EventCalls.Sip.Extensions.Refer;

/// <summary>An accepted REFER of the peer, and what it is told of it (RFC 3515 §2.4.4–2.4.6; RFC 6665 §4.2).</summary>
/// <remarks>
/// One NOTIFY at a time is under way, so that none overtakes another; of what comes up meanwhile the latest is told. It keeps the dialog alive beyond
/// a BYE until the result is told (RFC 5057 §3.2).
/// </remarks>
public sealed class ReferNotifier : IRequestHandler
{
    private const string ResultIsTold = "terminated;reason=noresource";
    private const string TookTooLong = "terminated;reason=timeout";

    private readonly Leg _leg;
    private readonly string _event;
    private readonly Usage _usage;
    private readonly Expiry _expiry;
    private readonly long _expiresAt;
    private (int Status, string? Phrase, string? End)? _next;
    private (int Status, string? Phrase) _told;
    private bool _isActive;
    private bool _isUnderWay;
    private bool _isEnding;

    private ReferNotifier(Leg leg, string package, int expiresMs)
    {
        _leg = leg;
        _event = package;
        _usage = new Usage();
        _expiry = new Expiry(this);
        _expiresAt = leg.Agent.Now + expiresMs;
    }

    /// <summary>Answers a REFER with 202, and tells the peer that it is tried, unless it wants to hear nothing (RFC 4488 §4).</summary>
    /// <param name="request">The REFER.</param>
    /// <param name="refer">What it asks for.</param>
    /// <param name="isFirst">Whether it is the first one in its dialog; the NOTIFYs of a later one carry its CSeq number (RFC 3515 §2.4.6).</param>
    /// <param name="expiresMs">How long the result may take, milliseconds; then the peer is told that nothing more comes.</param>
    public static ReferNotifier Accept(IncomingRequest request, ReceivedRefer refer, bool isFirst, int expiresMs = 600_000)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(refer);
        string package = isFirst ? "refer" : string.Create(CultureInfo.InvariantCulture, $"refer;id={request.Message.CSeqNumber}");
        var notifier = new ReferNotifier(request.Leg, package, expiresMs);
        if (!refer.WantsReports)
        {
            request.Respond(202, null, null, [new HeaderLine("Refer-Sub", "false")]);
            return notifier;
        }
        request.Respond(202);
        notifier.Start(expiresMs);
        return notifier;
    }

    /// <summary>Tells how far it is: a provisional status of the new target's, 101–199. What was told already is not repeated.</summary>
    public void Report(int status, string? phrase = null)
    {
        if (_isActive && !_isEnding && _next is not { End: not null } && (status, phrase) != _told)
            Tell(status, phrase, null);
    }

    /// <summary>Tells the result, 200–699; nothing is told after it.</summary>
    public void Finish(int status, string? phrase = null)
    {
        if (_isActive && !_isEnding && _next is not { End: not null })
            Tell(status, phrase, ResultIsTold);
    }

    private void Start(int expiresMs)
    {
        _isActive = true;
        _leg.Add(_usage);
        _leg.Agent.Wheel.Schedule(_expiry, expiresMs);
        Tell(100, null, null);
    }

    private void Tell(int status, string? phrase, string? end)
    {
        _next = (status, phrase, end);
        if (!_isUnderWay)
            SendNext();
    }

    private void SendNext()
    {
        if (_next is not var (status, phrase, end))
            return;
        _next = null;
        _isUnderWay = true;
        _isEnding = end is not null;
        _told = (status, phrase);
        string said = phrase is { Length: > 0 } && SipText.IsSafeHeaderValue(phrase) ? phrase : ReasonPhrases.Of(status);
        string state = end ?? string.Create(CultureInfo.InvariantCulture, $"active;expires={Math.Max(0, _expiresAt - _leg.Agent.Now) / 1000}");
        _leg.Request(
            SipMethod.Notify,
            new Content("message/sipfrag;version=2.0", Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"SIP/2.0 {status} {said}\r\n"))),
            [new HeaderLine("Event", _event), new HeaderLine("Subscription-State", state)],
            this);
    }

    void IRequestHandler.OnResponse(OutgoingRequest request, SipMessage response)
    {
        if (response.StatusCode < 200)
            return;
        _isUnderWay = false;
        // 481, or any other refusal: nobody wants to hear more (RFC 6665 §4.2.2).
        if (_isEnding || response.StatusCode >= 300)
            End();
        else
            SendNext();
    }

    void IRequestHandler.OnNoResponse(OutgoingRequest request, NoResponse why) => End();

    private void End()
    {
        if (!_isActive)
            return;
        _isActive = false;
        _leg.Agent.Wheel.Cancel(_expiry);
        _leg.Remove(_usage);
    }

    private void Expire()
    {
        if (_isActive && !_isEnding && _next is not { End: not null })
            Tell(_told.Status, _told.Phrase, TookTooLong);
    }

    private sealed class Usage : DialogUsage
    {
        // It sends NOTIFYs and takes none.
        public override bool TryTakeNotify(SipMessage notify, IncomingRequest request) => false;
    }

    private sealed class Expiry(ReferNotifier notifier) : WheelTimer
    {
        protected internal override void Fire() => notifier.Expire();

        protected internal override bool TakeFault(Exception e)
        {
            notifier._leg.Fail(e);
            return true;
        }
    }
}
