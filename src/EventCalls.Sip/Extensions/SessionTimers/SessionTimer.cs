using System.Globalization;
using EventCalls.Sip.Dialogs;
using EventCalls.Sip.Messages;
using EventCalls.Sip.Transactions;

namespace EventCalls.Sip.Extensions.SessionTimers;

/// <summary>The session timer of one leg (RFC 4028): who refreshes is negotiated with every INVITE and UPDATE, and a session that nobody has refreshed in time ends by BYE.</summary>
/// <remarks>
/// As the refresher we send an UPDATE without a body where the peer takes one, else a re-INVITE with our description as it is (§7.4), after half of the interval (§10).
/// The leg's handler hears <see cref="ILegHandler.OnLost"/> with <see cref="NoResponse.Expired"/> when the session has expired.
/// </remarks>
public sealed class SessionTimer : LegExtension, IRequestHandler
{
    private const int RetryMs = 10_000;
    private const int LeastRefreshMs = 1_000;
    private const int BusyMs = 1_000;

    private readonly int? _wanted;
    private Tick? _tick;
    private SessionExpires _invite;
    private SessionExpires _update;
    private int _least = SessionExpires.LeastSeconds;
    private int _interval;
    private long _endsAt;
    private bool _isRefresher;
    private bool _hasRetried;
    private bool _updateIsRefused;

    /// <summary>A session timer for a leg.</summary>
    /// <param name="wanted">The interval that we ask for, seconds, 90 or more; null: we ask for none, and do what the peer asks.</param>
    /// <exception cref="ArgumentOutOfRangeException">The interval is below the least that RFC 4028 §4 allows.</exception>
    public SessionTimer(int? wanted = null)
    {
        if (wanted is { } seconds)
            ArgumentOutOfRangeException.ThrowIfLessThan(seconds, SessionExpires.LeastSeconds);
        _wanted = wanted;
    }

    /// <summary>The interval in force, seconds; null when the session does not expire.</summary>
    public int? Interval => _interval > 0 ? _interval : null;

    /// <summary>Whether it is for us to refresh the session.</summary>
    public bool IsRefresher => _interval > 0 && _isRefresher;

    /// <summary>Puts a session timer on the leg of a received INVITE; false when the INVITE asks for too short an interval and was refused 422 (§9).</summary>
    public static bool TryUse(IncomingLeg leg, SipMessage invite, int? wanted)
    {
        var asked = SessionExpires.Of(invite);
        if (IsTooShort(asked))
        {
            leg.Reject(422, null, [new HeaderLine("Min-SE", SessionExpires.LeastSeconds.ToString(CultureInfo.InvariantCulture))]);
            return false;
        }
        leg.Use(new SessionTimer(wanted) { _invite = asked });
        return true;
    }

    internal override void AddTo(SipWriter request, SipMethod method)
    {
        // In every request but the ACK (§7.1).
        request.Raw("Supported: timer\r\n"u8);
        if (method is not (SipMethod.Invite or SipMethod.Update))
            return;
        int seconds = _interval > 0 ? _interval : _wanted ?? 0;
        if (seconds > 0)
            WriteExpires(request, Math.Max(seconds, _least), _interval == 0 ? Refresher.Open : _isRefresher ? Refresher.Uac : Refresher.Uas);
        if (_least > SessionExpires.LeastSeconds)
            request.Header(HeaderId.MinSE, _least);
    }

    internal override void AddTo(SipWriter response, SipMethod method, int status)
    {
        if (status is < 200 or >= 300)
            return;
        var asked = method == SipMethod.Update ? _update : _invite;
        int seconds = Answer(asked);
        if (seconds == 0)
        {
            Stop();
            return;
        }
        bool peerRefreshes = asked.IsSupported && asked.Refresher != Refresher.Uas;
        WriteExpires(response, seconds, peerRefreshes ? Refresher.Uac : Refresher.Uas);
        // Who is to refresh must know how (§9).
        if (peerRefreshes)
            response.Raw("Require: timer\r\n"u8);
        Begin(seconds, !peerRefreshes);
    }

    internal override bool Refuses(SipMessage request, Hop hop)
    {
        if (request.Method is not (SipMethod.Invite or SipMethod.Update) || !IsTooShort(SessionExpires.Of(request)))
            return false;
        Leg.Agent.ReplyStateless(request, hop, 422, null, "Min-SE: 90\r\n"u8);
        return true;
    }

    internal override void OnAsked(SipMessage request)
    {
        if (request.Method == SipMethod.Update)
            _update = SessionExpires.Of(request);
        else
            _invite = SessionExpires.Of(request);
    }

    internal override void OnAnswered(SipMessage response)
    {
        _hasRetried = false;
        var said = SessionExpires.Of(response);
        // A 2xx that says nothing turns the timer off (§7.2).
        if (said.Seconds == 0)
            Stop();
        else
            Begin(said.Seconds, said.Refresher != Refresher.Uas);
    }

    internal override bool Retries(SipMessage refusal)
    {
        if (refusal.StatusCode != 422 || _hasRetried)
            return false;
        int least = SessionExpires.Of(refusal).Least;
        if (least <= Math.Max(_least, Math.Max(_interval, _wanted ?? 0)))
            return false;
        _least = least;
        return _hasRetried = true;
    }

    internal override void OnClosed() => CancelTick();

    void IRequestHandler.OnResponse(OutgoingRequest request, SipMessage response)
    {
        if (response.StatusCode < 300 || _interval == 0)
            return;
        if (request.Method == SipMethod.Update && response.StatusCode is 405 or 501)
        {
            _updateIsRefused = true;
            Refresh();
            return;
        }
        // Two changes that met, or a peer that has no time: it is tried again as long as the session lasts (§10).
        int delay = response.StatusCode == 491 ? Leg.GlarePause() : RetryMs;
        if (RegisterAnswer.Seconds(response, HeaderId.RetryAfter) is { } seconds)
            delay = Math.Clamp(seconds, 0, 3_600) * 1000;
        Schedule(Leg.Agent.Now + Math.Max(delay, 1));
    }

    void IRequestHandler.OnNoResponse(OutgoingRequest request, NoResponse why)
    {
        // Silence has ended the leg already (RFC 3261 §12.2.1.2).
    }

    /// <summary>The interval that our 2xx says, seconds; 0 for none. It is never longer than asked, and never shorter than the request's Min-SE (§9).</summary>
    private int Answer(SessionExpires asked)
    {
        // So short an interval of somebody on the way, whom no 422 of ours would reach, is not kept.
        if (asked.Seconds is > 0 and < SessionExpires.LeastSeconds)
            return 0;
        if (_wanted is not { } wanted)
            return asked.Seconds;
        int least = Math.Max(wanted, asked.Least);
        return asked.Seconds == 0 ? least : Math.Min(asked.Seconds, least);
    }

    private void Begin(int seconds, bool isRefresher)
    {
        _interval = seconds;
        _isRefresher = isRefresher;
        long now = Leg.Agent.Now;
        // Who has heard no refresh says BYE this long before the end (§10).
        long refresh = Math.Max(500L * seconds, LeastRefreshMs);
        _endsAt = now + (1000L * (seconds - Math.Min(32, seconds / 3)));
        // A target may say less than the RFC allows: it is refreshed all the same, and no refresh is given up before it could be answered.
        if (seconds < SessionExpires.LeastSeconds)
            _endsAt = Math.Max(_endsAt, now + (2 * refresh));
        Schedule(isRefresher ? now + refresh : _endsAt);
    }

    private void Stop()
    {
        _interval = 0;
        CancelTick();
    }

    private void CancelTick()
    {
        if (_tick is not null)
            Leg.Agent.Wheel.Cancel(_tick);
    }

    private void Schedule(long at) => Leg.Agent.Wheel.Schedule(_tick ??= new Tick(this), Math.Min(at, _endsAt) - Leg.Agent.Now);

    private void OnDue()
    {
        if (Leg.Agent.Now >= _endsAt)
            Leg.Lose(NoResponse.Expired);
        else if (Leg.State != LegState.Confirmed || Leg.HasOpenChange)
            Schedule(Leg.Agent.Now + BusyMs);
        else
            Refresh();
    }

    private void Refresh()
    {
        Schedule(_endsAt);
        if (Leg.LocalDescription is { } description && (_updateIsRefused || !Leg.PeerTakesUpdate))
            Leg.ReInvite(description, null, this, renew: before => Leg.LocalDescription ?? before);
        else
            Leg.Request(SipMethod.Update, null, null, this);
    }

    private static bool IsTooShort(SessionExpires asked) => asked.IsSupported && asked.Seconds is > 0 and < SessionExpires.LeastSeconds;

    private static void WriteExpires(SipWriter writer, int seconds, Refresher refresher)
    {
        Span<byte> value = stackalloc byte[32];
        seconds.TryFormat(value, out int length);
        var parameter = refresher switch
        {
            Refresher.Uac => ";refresher=uac"u8,
            Refresher.Uas => ";refresher=uas"u8,
            _ => default,
        };
        parameter.CopyTo(value[length..]);
        writer.Header(HeaderId.SessionExpires, value[..(length + parameter.Length)]);
    }

    /// <summary>The next refresh, or the end.</summary>
    private sealed class Tick(SessionTimer timer) : WheelTimer
    {
        protected internal override void Fire() => timer.OnDue();

        protected internal override bool TakeFault(Exception e)
        {
            timer.Leg.Fail(e);
            return true;
        }
    }
}
