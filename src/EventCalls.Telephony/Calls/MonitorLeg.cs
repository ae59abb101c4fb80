using EventCalls.Contracts;
using EventCalls.Media.Sessions;
using EventCalls.Sip.Dialogs;
using EventCalls.Sip.Messages;
using EventCalls.Sip.Transactions;
using EventCalls.Sip.Transport;
using EventCalls.Telephony.Configuration;
using EventCalls.Telephony.Dialling;
using EventCalls.Telephony.Trunks;

namespace EventCalls.Telephony.Calls;

/// <summary>Somebody who hears a call, and may say something in it: called by us, on a leg of their own.</summary>
internal sealed class MonitorLeg(Call call, InviteTarget target, CallerId callerId, CommandTaken command) : SideLeg(call, target)
{
    private long _connectedAt;

    /// <summary>The monitor.</summary>
    public Guid Id => Asked.MonitorId;

    /// <summary>What they say now, and to whom.</summary>
    public MonitorMode Mode { get; private set; } = command.Monitor!.Mode!.Value;

    /// <summary>Who hears their whisper; null in other modes.</summary>
    public string? Side { get; private set; } = command.Monitor.Side;

    /// <summary>Their media, while they hear the call.</summary>
    public MediaLeg? Media => IsConnected ? Session.Media : null;

    private MonitorChange Asked => command.Monitor!;

    /// <summary>Has them say something, or no longer.</summary>
    public void Change(MonitorMode mode, string? side) => (Mode, Side) = (mode, side);

    /// <summary>Whether they are heard by a side.</summary>
    public bool SpeaksTo(string side) => IsConnected && (Mode == MonitorMode.Join || (Mode == MonitorMode.Whisper && Side == side));

    /// <inheritdoc />
    protected override Content? Offer(Hop hop)
    {
        Session.Media?.Close();
        var media = Call.Shard.Media!.Open(hop.Local.Address, hop.SessionAddress, () => Call.Shard.Post(new Silent(this)), asked: Target.Trunk?.Srtp ?? MediaProtection.None);
        Session.Anchor(media);
        var offer = Session.HoldOffer(hop.SessionAddress.ToString(), SessionId);
        return media.TryOpen(offer.Body.Span) ? offer : null;
    }

    /// <inheritdoc />
    protected override OutgoingInvite Invite(Hop hop, Content offer, List<HeaderLine> headers)
    {
        var where = Target.Trunk?.CallerIdIn ?? CallerIdIn.From;
        callerId.AddTo(headers, hop.LocalHost, where);
        return new OutgoingInvite
        {
            Hop = hop,
            RequestUri = Target.RequestUri,
            From = callerId.From(hop.LocalHost, where),
            To = $"<{TargetAddress.WithoutParameters(Target.RequestUri)}>",
            Headers = headers,
            Content = offer,
        };
    }

    /// <inheritdoc />
    protected override void OnConnected()
    {
        _connectedAt = Call.Shard.Agent.Now;
        Call.OnMonitoring(this, new MonitorStarted
        {
            MonitorId = Id,
            By = command.By,
            Target = Asked.Target!,
            OutboundEndpoint = Asked.OutboundEndpoint,
            Mode = Mode,
            Side = Side,
        }, command);
    }

    /// <inheritdoc />
    protected override void OnOver(MonitorEndCause cause, string? detail) => Call.OnMonitored(this, new MonitorEnded
    {
        MonitorId = Id,
        By = command.By,
        Target = Asked.Target!,
        Mode = Mode,
        Cause = cause,
        Detail = detail is { Length: > 0 } ? detail : null,
        DurationMs = _connectedAt == 0 ? null : Call.Shard.Agent.Now - _connectedAt,
    }, command);

    /// <summary>Its phone says nothing for long and should: nobody is there any more.</summary>
    private sealed class Silent(MonitorLeg monitor) : ShardWork
    {
        protected override void Run()
        {
            if (monitor.IsConnected)
                monitor.End(MonitorEndCause.Lost, "its media is silent");
        }
    }
}
