using EventCalls.Sip.Dialogs;
using EventCalls.Sip.Facts;
using EventCalls.Sip.Messages;
using EventCalls.Sip.Transactions;

namespace EventCalls.Sip.Extensions.Refer;

/// <summary>A REFER of ours and its implicit subscription (RFC 3515 §2.4.4; RFC 6665; RFC 7647).</summary>
/// <remarks>It keeps the dialog alive beyond a BYE until it is terminated, expired or abandoned (RFC 5057).</remarks>
public sealed class ReferSubscription : IRequestHandler
{
    private readonly OutgoingRefer _refer;
    private readonly IReferHandler _handler;
    private readonly Usage _usage;
    private readonly Expiry _expiry;
    private OutgoingRequest? _request;
    private bool _accepted;
    private bool _reportedFinal;

    internal ReferSubscription(Leg leg, OutgoingRefer refer, IReferHandler handler)
    {
        Leg = leg;
        _refer = refer;
        _handler = handler;
        _usage = new Usage(this);
        _expiry = new Expiry(this);
    }

    /// <summary>The leg the REFER went out on.</summary>
    public Leg Leg { get; }

    /// <summary>Whether NOTIFYs are to be expected: false after a 2xx with <c>Refer-Sub: false</c> (RFC 4488 §4).</summary>
    public bool Expected { get; private set; } = true;

    /// <summary>Whether something may still come.</summary>
    public bool IsActive { get; private set; }

    /// <summary>Stops listening; a NOTIFY that comes later is answered 481. Nothing more is reported.</summary>
    public void Abandon()
    {
        if (!IsActive)
            return;
        IsActive = false;
        Leg.Agent.Wheel.Cancel(_expiry);
        Leg.Remove(_usage);
    }

    internal void Start()
    {
        IsActive = true;
        Leg.Add(_usage);
        var headers = new List<HeaderLine>(_refer.Headers.Count + 4) { new("Refer-To", $"<{_refer.ReferTo}>") };
        if (_refer.ReferredBy is not null)
            headers.Add(new("Referred-By", _refer.ReferredBy));
        if (!_refer.WantSubscription)
        {
            headers.Add(new("Refer-Sub", "false"));
            headers.Add(new("Supported", "norefersub"));
        }
        headers.AddRange(_refer.Headers);
        _request = Leg.Request(SipMethod.Refer, null, headers, this, _refer.Credentials);
    }

    void IRequestHandler.OnResponse(OutgoingRequest request, SipMessage response)
    {
        if (!IsActive || response.StatusCode < 200)
            return;
        if (response.StatusCode >= 300)
        {
            Abandon();
            _handler.OnRefused(this, response);
            return;
        }
        _accepted = true;
        Expected = !ReceivedRefer.IsFalse(response.Header(HeaderId.ReferSub));
        if (Expected)
            Leg.Agent.Wheel.Schedule(_expiry, _refer.NotifyTimeoutMs);
        else
            Abandon();
        _handler.OnAccepted(this, response);
    }

    void IRequestHandler.OnNoResponse(OutgoingRequest request, NoResponse why)
    {
        // A NOTIFY may have said all before the REFER's response got lost.
        if (!IsActive || _accepted)
            return;
        Abandon();
        _handler.OnNoResponse(this, why);
    }

    private bool TryTakeNotify(SipMessage notify, IncomingRequest request)
    {
        var package = notify.Header(HeaderId.Event);
        int parameters = package.IndexOf((byte)';');
        var name = (parameters < 0 ? package : package[..parameters]).TrimEnd((byte)' ');
        if (!SipText.EqualsIgnoreCase(name, "refer"u8) || !IsMine(parameters < 0 ? default : package[parameters..]))
            return false;
        bool terminated = StartsWithWord(notify.Header(HeaderId.SubscriptionState), "terminated"u8);
        int? status = SipFragment.Of(notify).Status;
        request.Respond(200);
        bool final = terminated || status >= 200;
        if (terminated)
            Abandon();
        else if (final)
            // The result is known; only the closing NOTIFY is waited for, briefly.
            Leg.Agent.Wheel.Schedule(_expiry, Leg.Agent.Timers.T1x64);
        _reportedFinal |= final;
        _handler.OnNotify(this, notify, status, terminated);
        return true;
    }

    // The first REFER's NOTIFYs may come without an id; those of a later one carry its CSeq (RFC 3515 §2.4.6).
    private bool IsMine(ReadOnlySpan<byte> parameters)
    {
        while (!parameters.IsEmpty)
        {
            parameters = parameters[1..];
            int next = parameters.IndexOf((byte)';');
            var parameter = (next < 0 ? parameters : parameters[..next]).Trim(" \t"u8);
            if (parameter.StartsWith("id="u8))
                return uint.TryParse(parameter[3..], out uint id) && id == _request?.CSeq;
            parameters = next < 0 ? default : parameters[next..];
        }
        return true;
    }

    private static bool StartsWithWord(ReadOnlySpan<byte> value, ReadOnlySpan<byte> word) =>
        value.Length >= word.Length
        && SipText.EqualsIgnoreCase(value[..word.Length], word)
        && (value.Length == word.Length || value[word.Length] is (byte)';' or (byte)' ' or (byte)'\t');

    private void Expire()
    {
        bool known = _reportedFinal;
        Abandon();
        if (!known)
            _handler.OnExpired(this);
    }

    private sealed class Usage(ReferSubscription subscription) : DialogUsage
    {
        public override bool TryTakeNotify(SipMessage notify, IncomingRequest request) => subscription.TryTakeNotify(notify, request);
    }

    private sealed class Expiry(ReferSubscription subscription) : WheelTimer
    {
        protected internal override void Fire() => subscription.Expire();

        protected internal override bool TakeFault(Exception e)
        {
            subscription.Leg.Fail(e);
            return true;
        }
    }
}
