using System.Net;
using System.Text;
using EventCalls.Contracts;
using EventCalls.Sip.Dialogs;
using EventCalls.Sip.Messages;
using EventCalls.Sip.Transactions;
using EventCalls.Telephony.Dialling;
using EventCalls.Telephony.Trunks;

namespace EventCalls.Telephony.Calls;

/// <summary>The leg to one recorder: an INVITE with two streams that we only send in, and who talks in them (RFC 7866 §6, §7.1).</summary>
internal sealed class SiprecLeg(Call call, InviteTarget target, SiprecSession session) : SideLeg(call, target), IRequestHandler
{
    private const int PauseMs = 200;
    private const string Boundary = "eventcalls-siprec";

    private int _version;
    private Again? _again;

    /// <summary>When it was answered, on the shard's clock; 0 when it was not.</summary>
    public long ConnectedAt { get; private set; }

    /// <summary>When it was answered, UTC.</summary>
    public DateTimeOffset StartedAt { get; private set; }

    /// <summary>Tells the recorder who talks now, and in which formats.</summary>
    public void Update()
    {
        if (!IsConnected || Leg is not { } leg)
            return;
        if (leg.HasOpenChange)
            (_again ??= new Again(this)).Start();
        else
            leg.ReInvite(Body(), null, this);
    }

    /// <inheritdoc />
    protected override string? WhyNot(IPAddress address) => null;

    /// <inheritdoc />
    protected override Content? Offer(Hop hop)
    {
        Session.Media?.Close();
        var media = Call.Shard.Media!.Open(hop.Local.Address, hop.SessionAddress);
        Session.Anchor(media);
        return media.TryOpen(Description(hop).Body.Span) ? Body(hop) : null;
    }

    /// <inheritdoc />
    protected override OutgoingInvite Invite(Hop hop, Content offer, List<HeaderLine> headers)
    {
        headers.Add(new HeaderLine("Require", "siprec"));
        headers.Add(new HeaderLine("Accept", "application/sdp, application/rs-metadata"));
        return new OutgoingInvite
        {
            Hop = hop,
            RequestUri = Target.RequestUri,
            From = $"<sip:eventcalls@{hop.LocalHost}>",
            To = $"<{TargetAddress.WithoutParameters(Target.RequestUri)}>",
            ContactParameters = ";+sip.src",
            Headers = headers,
            Content = offer,
        };
    }

    /// <inheritdoc />
    protected override Content? Changed(Content offer) => Session.Told(Description(Leg!.Hop));

    /// <inheritdoc />
    protected override void OnConnected()
    {
        (ConnectedAt, StartedAt) = (Call.Shard.Agent.Now, Call.Shard.Time.GetUtcNow());
        session.OnConnected(this);
    }

    /// <inheritdoc />
    protected override void OnOver(MonitorEndCause cause, string? detail)
    {
        if (_again is not null)
            Call.Shard.Agent.Wheel.Cancel(_again);
        session.OnOver(this, detail ?? WireName.Of(cause));
    }

    void IRequestHandler.OnResponse(OutgoingRequest request, SipMessage response)
    {
        if (IsOver || response.StatusCode < 200)
            return;
        // One that does not take the new description goes on with the old one, and gets what it can use of it.
        if (response.StatusCode < 300)
            Session.Describe(Content.Of(response));
    }

    void IRequestHandler.OnNoResponse(OutgoingRequest request, NoResponse why)
    {
        // A leg that is lost is told of as such.
    }

    private Content Body() => Body(Leg!.Hop);

    private Content Body(Hop hop)
    {
        var told = Session.Told(Description(hop));
        var body = new MemoryStream();
        Write(body, $"--{Boundary}\r\nContent-Type: application/sdp\r\nContent-Disposition: session;handling=required\r\n\r\n");
        body.Write(told.Body.Span);
        Write(body, $"\r\n--{Boundary}\r\nContent-Type: application/rs-metadata+xml\r\nContent-Disposition: recording-session\r\n\r\n");
        body.Write(session.Metadata.Write());
        Write(body, $"\r\n--{Boundary}--\r\n");
        return new Content($"multipart/mixed;boundary={Boundary}", body.ToArray());
    }

    private Content Description(Hop hop)
    {
        string address = $"IN {(hop.SessionAddress.AddressFamily == System.Net.Sockets.AddressFamily.InterNetworkV6 ? "IP6" : "IP4")} {hop.SessionAddress}";
        var text = new StringBuilder(512);
        text.Append(System.Globalization.CultureInfo.InvariantCulture, $"v=0\r\no=- {SessionId} {++_version} {address}\r\ns=-\r\nc={address}\r\nt=0 0\r\n");
        for (int i = 0; i < 2; i++)
        {
            var (formats, lines) = session.FormatsOf(i);
            text.Append(System.Globalization.CultureInfo.InvariantCulture, $"m=audio 9 RTP/AVP {formats}\r\n{lines}a=label:{SiprecMetadata.Label(i)}\r\na=sendonly\r\n");
        }
        return new Content("application/sdp", Encoding.ASCII.GetBytes(text.ToString()));
    }

    private static void Write(MemoryStream body, string text) => body.Write(Encoding.ASCII.GetBytes(text));

    /// <summary>Another change of the session is under way: ours waits a little.</summary>
    private sealed class Again(SiprecLeg leg) : WheelTimer
    {
        public void Start() => leg.Call.Shard.Agent.Wheel.Schedule(this, PauseMs);

        protected override void Fire() => leg.Update();

        protected override bool TakeFault(Exception e)
        {
            ((ILegHandler)leg).OnFault(leg.Leg!, e);
            return true;
        }
    }
}
