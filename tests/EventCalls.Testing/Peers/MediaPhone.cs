using System.Globalization;
using System.Net;
using System.Text;
using EventCalls.Sip.Dialogs;
using EventCalls.Sip.Messages;

namespace EventCalls.Testing;

/// <summary>A phone on 127.0.0.1 with a voice: it says a tone to wherever its peer's last description says, and does what a test has it do with its session.</summary>
public sealed class MediaPhone : IAsyncDisposable
{
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(20);
    private readonly List<string> _told = [];
    private int _version;
    private int _changes;
    private bool _asksForOffer;

    /// <summary>Begins to listen.</summary>
    /// <param name="hertz">What it says.</param>
    /// <param name="port">Its port for SIP; 0 for a free one.</param>
    /// <param name="time">The clock.</param>
    public MediaPhone(int hertz, int port, TimeProvider time)
    {
        Voice = new Voice(hertz, time);
        Peer = new SipPeer(port: port);
        Describes = direction => Voice.Describe(_version, direction);
        Invited = leg =>
        {
            leg.Ring(180);
            leg.Answer(Describe(LastTold is null ? "sendrecv" : Answering));
        };
        Peer.Handler.Invited = (leg, invite) =>
        {
            Leg = leg;
            Hear(Content.Of(invite));
            Invited(leg);
        };
        Peer.Handler.Acknowledged = ack => Hear(Content.Of(ack));
        Peer.Handler.Progressed = response => Hear(Content.Of(response));
        Peer.Handler.Answered = (leg, response) =>
        {
            Leg = leg;
            Hear(Content.Of(response));
            if (!IsOffered)
            {
                leg.DeferAck();
                leg.Ack(Describe(Answering));
            }
        };
        Peer.Handler.Requested = (_, request) =>
        {
            var content = Content.Of(request.Message);
            Hear(content);
            if (Refuses is { } refusal && request.Method is SipMethod.Invite)
                request.Respond(refusal);
            else
                request.Respond(200, null, request.Method == SipMethod.Invite || content is not null ? Describe(content is null ? "sendrecv" : Answering) : null);
        };
        Peer.Handler.Changed = (request, response) =>
        {
            if (response.StatusCode < 200)
                return;
            if (response.StatusCode < 300)
                Hear(Content.Of(response));
            if (response.StatusCode < 300 && _asksForOffer)
            {
                request.DeferAck();
                request.Ack(Describe(Answering));
            }
            LastStatus = response.StatusCode;
            Interlocked.Increment(ref _changes);
        };
    }

    /// <summary>Its voice.</summary>
    public Voice Voice { get; }

    /// <summary>Its signalling.</summary>
    public SipPeer Peer { get; }

    /// <summary>Its last call.</summary>
    public Leg? Leg { get; private set; }

    /// <summary>What it says of its session, by direction.</summary>
    public Func<string, string> Describes { get; set; }

    /// <summary>What it does when it is called; it answers when a test says nothing else.</summary>
    public Action<IncomingLeg> Invited { get; set; }

    /// <summary>The status with which it refuses changes of its session; null when it takes them.</summary>
    public int? Refuses { get; set; }

    /// <summary>Whether its INVITE brings an offer.</summary>
    public bool IsOffered { get; set; } = true;

    /// <summary>Whether it sends where it is told; else to where a test says.</summary>
    public bool Follows { get; set; } = true;

    /// <summary>How its last change was answered.</summary>
    public int LastStatus { get; private set; }

    /// <summary>The descriptions that it was told, in order.</summary>
    public IReadOnlyList<string> Told
    {
        get
        {
            lock (_told)
                return [.. _told];
        }
    }

    /// <summary>The last one; null for none yet.</summary>
    public string? LastTold => Told.Count == 0 ? null : Told[^1];

    /// <summary>The port that the last one names for audio.</summary>
    public int ToldPort => PortIn(LastTold!);

    /// <summary>Calls a flow at a port.</summary>
    public async Task<string> CallAsync(int port, string flow)
    {
        _version++;
        // Within its own thread: the answer, which has a leg of its own, may be there before this goes on.
        var leg = await Peer.DoAsync(() =>
        {
            var called = Peer.Call(port, flow, IsOffered ? Describe("sendrecv") : null);
            Leg = called;
            return called;
        });
        return leg.CallId;
    }

    /// <summary>Changes its session by re-INVITE, or by UPDATE; completes when that is answered.</summary>
    public Task ChangeAsync(string direction = "sendrecv", SipMethod method = SipMethod.Invite) => ChangeAsync(Describe, direction, method);

    /// <summary>Changes it by a re-INVITE that the other side makes the offer for; completes when that is answered.</summary>
    public Task AskForOfferAsync() => ChangeAsync(static _ => null, "sendrecv", SipMethod.Invite);

    private async Task ChangeAsync(Func<string, Content?> offer, string direction, SipMethod method)
    {
        int before = Volatile.Read(ref _changes);
        await Peer.DoAsync(() =>
        {
            _version++;
            var content = offer(direction);
            _asksForOffer = content is null;
            return method == SipMethod.Invite ? Leg!.ReInvite(content, null, Peer.Handler) : Leg!.Request(method, content, null, Peer.Handler);
        });
        await UntilAsync(() => Volatile.Read(ref _changes) > before, $"its {method} is not answered");
    }

    /// <summary>Hangs up.</summary>
    public Task HangUpAsync() => Peer.DoAsync(() =>
    {
        Leg!.Bye();
        return 0;
    });

    /// <summary>Waits until so much of the last half second that it has heard is of a tone.</summary>
    public Task HearAsync(int hertz) => UntilAsync(() => Tones.Tenths(Voice.HeardLast(25), hertz) >= 4, $"it does not hear {hertz} Hz");

    /// <summary>Waits until it has heard so many packets more.</summary>
    public Task HearMoreAsync(int packets)
    {
        long before = Voice.Packets;
        return UntilAsync(() => Voice.Packets >= before + packets, $"it does not hear {packets} packets more");
    }

    /// <summary>Waits until something is so.</summary>
    public async Task UntilAsync(Func<bool> isSo, string otherwise)
    {
        var clock = System.Diagnostics.Stopwatch.StartNew();
        while (!isSo())
        {
            if (clock.Elapsed > s_limit)
                throw new TimeoutException($"{otherwise}:\n{await DescribeAsync()}");
            await Task.Delay(20);
        }
    }

    /// <summary>What happened, for a failure message.</summary>
    public async Task<string> DescribeAsync() => $"{string.Join('\n', await Peer.LogAsync())}\nsent {Voice.Sent} to {Voice.To}, heard {Voice.Packets}\n{LastTold}";

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        Peer.Dispose();
        await Voice.DisposeAsync();
    }

    /// <summary>Its description, of a direction.</summary>
    public Content Describe(string direction)
    {
        _version = Math.Max(1, _version);
        return new Content("application/sdp", Encoding.ASCII.GetBytes(Describes(direction)));
    }

    /// <summary>The first port that a description names for audio.</summary>
    public static int PortIn(string description)
    {
        ArgumentNullException.ThrowIfNull(description);
        int start = description.IndexOf("m=audio ", StringComparison.Ordinal) + 8;
        return int.Parse(description.AsSpan(start, description.IndexOf(' ', start) - start), CultureInfo.InvariantCulture);
    }

    // What answers the direction of the last offer (RFC 3264 §6.1); a phone that only knows the old way of holding says nothing of it.
    private string Answering => LastTold!.Contains("a=sendonly", StringComparison.Ordinal) ? "recvonly"
        : LastTold.Contains("a=recvonly", StringComparison.Ordinal) ? "sendonly"
        : LastTold.Contains("a=inactive", StringComparison.Ordinal) ? "inactive" : "sendrecv";

    private void Hear(Content? content)
    {
        if (content is null)
            return;
        string text = Encoding.ASCII.GetString(content.Body.Span);
        lock (_told)
            _told.Add(text);
        if (Follows)
            Voice.To = text.Contains("a=inactive", StringComparison.Ordinal) || text.Contains("a=sendonly", StringComparison.Ordinal) || text.Contains(" 0.0.0.0", StringComparison.Ordinal) || PortIn(text) == 0
                ? null
                : new IPEndPoint(IPAddress.Loopback, PortIn(text));
    }
}
