using System.Runtime.ExceptionServices;
using System.Text;
using EventCalls.Sip.Authentication;
using EventCalls.Sip.Messages;
using EventCalls.Sip.Transactions;

namespace EventCalls.Sip.Dialogs;

/// <summary>One leg of a call: an INVITE, its dialog, and what is asked within it. Belongs to its shard's thread.</summary>
public abstract partial class Leg
{
    private readonly List<DialogUsage> _usages = [];
    private LegPing? _ping;
    private IncomingRequest? _openInvite;
    private OutgoingRequest? _sentInvite;
    private OutgoingRequest? _waitingInvite;
    private OutgoingRequest? _sentUpdate;
    private IncomingRequest? _openUpdate;
    private OutgoingRequest? _sentBye;
    private string? _callId;

    private protected Leg(UserAgent agent, ulong id, Dialog dialog)
    {
        Agent = agent;
        Id = id;
        Dialog = dialog;
    }

    /// <summary>The user agent the leg lives in.</summary>
    public UserAgent Agent { get; }

    /// <summary>Who hears of the leg; null as long as nobody has taken it.</summary>
    private protected abstract ILegHandler? Owner { get; }

    /// <summary>How far it has come.</summary>
    public LegState State { get; private protected set; }

    /// <summary>Where its requests go now.</summary>
    public Hop Hop => Dialog.Hop;

    /// <summary>The SIP Call-ID.</summary>
    public string CallId => _callId ??= SipText.Get(Dialog.CallId);

    /// <summary>Says what the leg is part of, to whoever sees the messages.</summary>
    public void BelongsTo(Guid id)
    {
        Group = id;
        Agent.Options.Trace?.Belongs(Dialog.CallId, id);
    }

    /// <summary>The legs whose messages are kept back together (<see cref="UserAgent.Hold"/>).</summary>
    public Guid Group { get; set; }

    /// <summary>Our tag.</summary>
    public string LocalTag => Encoding.ASCII.GetString(Dialog.LocalTag);

    /// <summary>The peer's tag; null before it said one.</summary>
    public string? RemoteTag => Dialog.RemoteTag.Length == 0 ? null : SipText.Get(Dialog.RemoteTag);

    /// <summary>The peer's Contact URI.</summary>
    public string RemoteTarget => SipText.Get(Dialog.RemoteTarget);

    /// <summary>What answers the challenges of the other side, to any request on the leg; null: a 401 or 407 is passed up.</summary>
    public Credentials? Credentials
    {
        get => Authorizations?.Credentials;
        set => Authorizations = value is null ? null : new Authorizations(value, Agent.Random);
    }

    /// <summary>Whether requests within the dialog go where the peer was heard from (RFC 3581 does so for responses).</summary>
    public NatUse Nat
    {
        get => Dialog.Nat;
        set => Dialog.Use(value);
    }

    internal Authorizations? Authorizations { get; private set; }

    internal ulong Id { get; }

    internal Dialog Dialog { get; private protected set; }

    /// <summary>When the peer was last heard, on the shard's clock.</summary>
    internal long HeardAt { get; private set; }

    private protected bool IsUp => State is LegState.Answered or LegState.Confirmed;

    /// <summary>Ends an answered leg by BYE; does nothing when it is over. Before an answer an incoming leg is rejected and an outgoing one cancelled.</summary>
    public virtual void Bye(IReadOnlyList<HeaderLine>? headers = null)
    {
        if (!IsUp)
            return;
        State = LegState.Ended;
        try
        {
            SendBye(headers);
        }
        finally
        {
            Close(NoResponse.Ended);
        }
    }

    /// <summary>Sends a request within the dialog (INFO, UPDATE, OPTIONS, MESSAGE, REFER).</summary>
    /// <param name="method">Not INVITE, ACK, BYE or CANCEL: those have calls of their own.</param>
    /// <param name="content">The body, or null.</param>
    /// <param name="headers">Further headers.</param>
    /// <param name="handler">Who hears of the response; null: nobody.</param>
    /// <param name="credentials">Answer a 401 or 407 in place of the leg's own; null: those.</param>
    public OutgoingRequest Request(SipMethod method, Content? content, IReadOnlyList<HeaderLine>? headers, IRequestHandler? handler, Credentials? credentials = null)
    {
        var authorizations = credentials is null || credentials == Credentials ? Authorizations : new Authorizations(credentials, Agent.Random);
        var request = new OutgoingRequest(this, method, content, headers, handler, authorizations);
        if (method == SipMethod.Update && content is not null)
            _sentUpdate = request;
        request.Send();
        return request;
    }

    /// <summary>Sends a re-INVITE.</summary>
    /// <param name="content">The offer; null for a delayed one.</param>
    /// <param name="headers">Further headers.</param>
    /// <param name="handler">Who hears of the response; null: nobody.</param>
    /// <param name="retriesGlare">Whether a 491 is tried again after the time RFC 3261 §14.1 asks for; false: it is passed up like any refusal.</param>
    /// <param name="renew">The offer as it must be when it is tried again: the peer's own change came through meanwhile, and was answered with a newer version of the session (RFC 3264 §8). Null: as it is.</param>
    public OutgoingRequest ReInvite(Content? content, IReadOnlyList<HeaderLine>? headers, IRequestHandler? handler, bool retriesGlare = true, Func<Content, Content>? renew = null)
    {
        var request = new OutgoingRequest(this, SipMethod.Invite, content, headers, handler, Authorizations) { RetriesGlare = retriesGlare, Renew = renew };
        _sentInvite = request;
        request.Send();
        return request;
    }

    /// <summary>Whether a re-INVITE or an UPDATE with an offer is under way in either direction, or a re-INVITE waits for its ACK; another one must wait (RFC 3261 §14.1, RFC 3311 §5.1).</summary>
    public bool HasOpenChange => _sentInvite is not null || _waitingInvite is not null || _openInvite is not null || _sentUpdate is not null || _openUpdate is { HasOffer: true };

    /// <summary>Whether the peer's Allow named UPDATE, without which none may be sent (RFC 3311 §5.1).</summary>
    public bool PeerTakesUpdate { get; private set; }

    /// <summary>Whether the peer's Allow named INFO (RFC 6086 §4.2.1); null as long as it has sent none.</summary>
    public bool? PeerTakesInfo { get; private set; }

    /// <summary>
    /// Whether an UPDATE with an offer may be sent before the INVITE has its final response: its offer was answered in a provisional response that was acknowledged, and the
    /// peer takes UPDATE (RFC 3311 §5.1).
    /// </summary>
    public abstract bool TakesEarlyChange { get; }

    /// <summary>The dialog that a request of the peer's is in: before the answer, of several the one with its tag.</summary>
    internal virtual Dialog DialogOf(SipMessage request) => Dialog;

    /// <summary>The dialog that a request of ours is sent in now.</summary>
    internal virtual Dialog PresentDialog => Dialog;

    /// <summary>The next CSeq number of a request in one of the leg's dialogs.</summary>
    internal virtual uint NextCSeq(Dialog dialog) => dialog.NextCSeq();

    /// <summary>Keeps what the peer says that it takes.</summary>
    internal void Learn(SipMessage message)
    {
        if (!message.Has(HeaderId.Allow))
            return;
        PeerTakesUpdate = false;
        bool takesInfo = false;
        foreach (var method in message.Values(HeaderId.Allow))
        {
            PeerTakesUpdate |= method.SequenceEqual("UPDATE"u8);
            takesInfo |= method.SequenceEqual("INFO"u8);
        }
        PeerTakesInfo = takesInfo;
    }

    /// <summary>A re-INVITE of ours that met the peer's waits for its second try.</summary>
    internal void Waits(OutgoingRequest reInvite) => _waitingInvite = reInvite;

    /// <summary>Lets the waiting re-INVITE go, when no other is under way in either direction.</summary>
    internal bool TryOpen(OutgoingRequest reInvite)
    {
        if (_sentInvite is not null || _openInvite is not null || _sentUpdate is not null || _openUpdate is { HasOffer: true })
            return false;
        _waitingInvite = null;
        _sentInvite = reInvite;
        return true;
    }

    /// <summary>The re-INVITE whose 2xx is being looked at.</summary>
    internal OutgoingRequest? Unacknowledged { get; set; }

    /// <summary>Sends the ACK of a 2xx that is being looked at: what comes of it leaves after that, as before it the peer takes nothing new (RFC 3261 §14.2).</summary>
    internal virtual void AcknowledgeDue() => Unacknowledged?.AckIfDue();

    internal void Add(DialogUsage usage) => _usages.Add(usage);

    internal void Remove(DialogUsage usage)
    {
        _usages.Remove(usage);
        LeaveIfOver();
    }

    internal void OnHeard() => HeardAt = Agent.Now;

    internal void OnSettled(OutgoingRequest request)
    {
        if (request == _sentInvite)
            _sentInvite = null;
        if (request.IsGivenUp && request == _waitingInvite)
            _waitingInvite = null;
        if (request == _sentUpdate)
            _sentUpdate = null;
        if (request == _sentBye)
        {
            _sentBye = null;
            LeaveIfOver();
        }
    }

    internal void OnAnswered(IncomingRequest request)
    {
        if (_openInvite == request)
            _openInvite = null;
        if (_openUpdate == request)
            _openUpdate = null;
    }

    /// <summary>The peer does not know the dialog any more, or is silent (RFC 3261 §12.2.1.2).</summary>
    internal void Lose(NoResponse why)
    {
        if (!IsUp)
            return;
        State = LegState.Ended;
        // It may be deaf in one direction only: say BYE all the same, nobody waits for the answer.
        SendBye(null);
        Close(NoResponse.Ended);
        Owner?.OnLost(this, why);
    }

    /// <summary>The only connection to the peer is gone.</summary>
    internal virtual void LoseConnection()
    {
        if (!IsUp)
            return;
        State = LegState.Ended;
        Close(NoResponse.Ended);
        Owner?.OnLost(this, NoResponse.TransportError);
    }

    /// <summary>Something threw while it was done for this leg: its owner hears of it and may end it in order, else it ends as well as it can; nothing of it is left behind.</summary>
    internal void Fail(Exception e)
    {
        try
        {
            if (Owner is { } owner)
                owner.OnFault(this, e);
            else
                ExceptionDispatchInfo.Throw(e);
        }
        finally
        {
            if (!IsEnding)
                AbortQuietly();
        }
    }

    private void AbortQuietly()
    {
        try
        {
            Abort();
        }
        catch (Exception)
        {
            // What threw first is what the owner was told.
            State = LegState.Ended;
            _ping?.Stop();
            CloseExtensions();
            OnClosing();
            Agent.Remove(this);
        }
    }

    /// <summary>Whether its owner has ended it, and a response or a timer that is still to come closes it.</summary>
    private protected abstract bool IsEnding { get; }

    private protected virtual void Abort()
    {
        bool up = IsUp;
        State = LegState.Ended;
        if (up)
            SendBye(null);
        Close(NoResponse.Ended);
    }

    /// <summary>How long who met a change of the other side waits before it tries again, milliseconds: who made the Call-ID 2.1 to 4 s, the other 0 to 2 s, in steps of 10 ms (RFC 3261 §14.1).</summary>
    internal int GlarePause() => this is OutgoingLeg ? 2_100 + (10 * Agent.Random.Next(191)) : 10 * Agent.Random.Next(201);

    private protected void Confirm()
    {
        State = LegState.Confirmed;
        if (Agent.Options.PingAfterMs > 0)
            (_ping = new LegPing(this)).Start();
    }

    /// <summary>The INVITE usage ends: stops what waits for an answer.</summary>
    private protected virtual void OnClosing()
    {
    }

    /// <summary>Stops all that ends with the INVITE usage; what is still asked of us is answered 487 (RFC 3261 §15.1.2).</summary>
    private protected void Close(NoResponse why)
    {
        CloseExtensions();
        OnClosing();
        _ping?.Stop();
        _ping = null;
        _openInvite?.Close();
        _openInvite = null;
        var (sent, waiting) = (_sentInvite, _waitingInvite);
        _sentInvite = _waitingInvite = null;
        sent?.Abandon(why);
        waiting?.Abandon(why);
        LeaveIfOver();
    }

    private protected void SendBye(IReadOnlyList<HeaderLine>? headers)
    {
        _sentBye = new OutgoingRequest(this, SipMethod.Bye, null, headers, null, Authorizations);
        try
        {
            _sentBye.Send();
        }
        catch
        {
            _sentBye = null;
            throw;
        }
    }

    private void LeaveIfOver()
    {
        if (State == LegState.Ended && _usages.Count == 0 && _sentBye is null)
            Agent.Remove(this);
    }
}
