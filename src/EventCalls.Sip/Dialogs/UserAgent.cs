using System.Net;
using System.Text;
using EventCalls.Sip.Messages;
using EventCalls.Sip.Parsing;
using EventCalls.Sip.Tracing;
using EventCalls.Sip.Transactions;

namespace EventCalls.Sip.Dialogs;

/// <summary>The protocol core of one shard: parses, matches transactions and dialogs, keeps the legs. It knows no socket and no clock.</summary>
/// <remarks>
/// Single-threaded: every call comes from the shard's thread. Time is what <see cref="Advance"/> says; messages leave by the
/// <see cref="ISipOutput"/> and news goes to the handlers before the call returns.
/// </remarks>
public sealed partial class UserAgent
{
    private readonly Dictionary<ulong, Leg> _legs = [];
    private readonly SipMessage _message = new();
    private readonly NewRequests _newRequests;

    /// <summary>A user agent whose clock begins at <paramref name="now"/>, milliseconds.</summary>
    public UserAgent(UserAgentOptions options, ISipOutput output, IUserAgentHandler handler, long now = 0)
    {
        Options = options;
        Output = options.Trace is { } trace ? new TracedOutput(output, trace) : output;
        Handler = handler;
        Random = options.Random;
        Wheel = new TimingWheel(now);
        Table = new TransactionTable(Wheel, options.Timers, Output, new IdSource(options.Shard, Random)) { LargeRequests = new LargeRequests(handler.MayUseTcp) };
        UserAgentLine = Encoding.UTF8.GetBytes($"User-Agent: {options.Name}\r\n");
        ServerLine = Encoding.UTF8.GetBytes($"Server: {options.Name}\r\n");
        Capabilities = new Capabilities(options.Extensions);
        _newRequests = new NewRequests(this);
    }

    /// <summary>The time of the last <see cref="Advance"/>, milliseconds.</summary>
    public long Now => Wheel.Now;

    /// <summary>The shard's timers; whoever lives on the shard may put its own there.</summary>
    public TimingWheel Wheel { get; }

    /// <summary>When <see cref="Advance"/> has something to do next, milliseconds; <see cref="long.MaxValue"/>: never.</summary>
    public long NextTimer => Wheel.NextDue;

    /// <summary>Transactions in which something may still be said; those that only wait for repetitions are <see cref="FinishedTransactions"/>.</summary>
    public int OpenTransactions => Table.Count;

    /// <summary>What is kept of server transactions that only wait for repetitions (timers J and L).</summary>
    public int FinishedTransactions => Table.Finished;

    /// <summary>Legs not yet over.</summary>
    public int OpenLegs => _legs.Count;

    /// <summary>Messages we sent a second time or more, since the start.</summary>
    public long Retransmissions => Table.Retransmissions;

    /// <summary>Where everything random of the agent and its calls comes from.</summary>
    public RandomSource Random { get; }

    /// <summary>What we take and understand.</summary>
    internal Capabilities Capabilities { get; }

    internal UserAgentOptions Options { get; }

    internal ISipOutput Output { get; }

    internal IUserAgentHandler Handler { get; }

    internal TransactionTable Table { get; }

    internal SipTimers Timers => Options.Timers;

    internal byte[] UserAgentLine { get; }

    internal byte[] ServerLine { get; }

    /// <summary>Moves the clock and fires the timers that are due.</summary>
    public void Advance(long now) => Wheel.Advance(now);

    /// <summary>Takes a datagram or a framed message; the buffer is the caller's again on return.</summary>
    public void Receive(ReadOnlyMemory<byte> bytes, Hop hop)
    {
        if (TryParse(bytes, hop))
            ReceiveParsed(hop);
    }

    /// <summary>Takes a parsed message; it is the caller's again on return.</summary>
    public void Receive(SipMessage message, Hop hop)
    {
        if (Ignores(hop) && !IsOfCall(message))
            return;
        if (_held.Count > 0 && TryHoldBack(message, hop))
            return;
        if (!message.IsRequest)
            ReceiveResponse(message, hop);
        else if (message.Method == SipMethod.Ack)
            ReceiveAck(message, hop);
        else if (Table.FindServer(message, message.Method) is { } known)
            ReceiveAgain(known, message, hop);
        else if (Table.TryFindFinished(message, message.Method, out var said, out var toward))
            ReceiveAgain(said, toward, message, hop);
        else if (message.Method == SipMethod.Cancel)
            ReceiveCancel(message, hop);
        else if (message.ToTag.IsEmpty)
            _newRequests.Receive(message, hop);
        else
            ReceiveInDialog(message, hop);
    }

    /// <summary>Sends an INVITE on a new leg.</summary>
    /// <exception cref="ArgumentException">A header has CR, LF or NUL.</exception>
    public OutgoingLeg Invite(OutgoingInvite invite, IOutgoingLegHandler handler)
    {
        Span<byte> callId = stackalloc byte[IdSource.TokenLength];
        Table.Ids.Next(callId);
        var localTag = new byte[IdSource.TokenLength];
        ulong id = Table.Ids.Next(localTag);
        var dialog = Dialog.OfSent(invite, callId.ToArray(), localTag);
        var leg = new OutgoingLeg(this, id, dialog, handler, invite);
        if (invite.BelongsTo is { } call)
            leg.BelongsTo(call);
        // A leg that cannot be sent is none.
        _legs.Add(id, leg);
        try
        {
            leg.Send();
        }
        catch
        {
            Remove(leg);
            throw;
        }
        return leg;
    }

    /// <summary>ICMP errors say that datagrams do not reach these end points: INVITEs there of which nothing was heard fail now (RFC 3261 §18.4).</summary>
    public void Unreachable(IReadOnlyCollection<IPEndPoint> remotes) => Table.FailUnreachable(remotes);

    private bool TryParse(ReadOnlyMemory<byte> bytes, Hop hop)
    {
        var error = SipParser.Parse(bytes, _message);
        if (Ignores(hop) && (error != SipParseError.None || Begins(_message)))
            return false;
        // What is a message is seen by whoever handles it, once: that may be another shard.
        if (error == SipParseError.None)
            return true;
        Options.Trace?.Received(hop, bytes.Span);
        if (_message.CanRespond && _message.IsRequest && _message.Method != SipMethod.Ack && (Options.AnswersStrangers || IsAdmitted(_message, hop)))
            ReplyStateless(_message, hop, error == SipParseError.UnsupportedVersion ? 505 : 400, SipParser.Explain(error));
        return false;
    }

    internal void Add(Leg leg) => _legs.Add(leg.Id, leg);

    internal void Remove(Leg leg)
    {
        _legs.Remove(leg.Id);
        Options.Trace?.Over(leg.Dialog.CallId);
    }

    /// <summary>A transaction for a request within a dialog; null when it was refused.</summary>
    internal NonInviteServerTransaction? Accept(SipMessage request, Hop hop)
    {
        if (Table.AddServer(request, hop) is { } transaction)
            return transaction;
        ReplyStateless(request, hop, 400, "Via Too Long");
        return null;
    }

    /// <inheritdoc cref="Accept"/>
    internal InviteServerTransaction? AcceptInvite(SipMessage invite, Hop hop)
    {
        if (Table.AddInviteServer(invite, hop) is not { } transaction)
        {
            ReplyStateless(invite, hop, 400, "Via Too Long");
            return null;
        }
        var trying = transaction.Begin(100, null, default);
        // Who says when it sent wants to hear it, to know how long the way is (RFC 3261 §8.2.6.1).
        if (invite.Has(HeaderId.Timestamp))
            trying.Header(HeaderId.Timestamp, invite.Header(HeaderId.Timestamp));
        trying.NoBody();
        transaction.Send(trying, 100);
        return transaction;
    }

    /// <summary>Answers a non-INVITE request at once, within a transaction of its own.</summary>
    internal void Reply(SipMessage request, Hop hop, int status, string? reason)
    {
        if (request.Method == SipMethod.Invite)
        {
            ReplyStateless(request, hop, status, reason);
            return;
        }
        if (Accept(request, hop) is not { } transaction)
            return;
        var writer = transaction.Begin(status, reason, StatelessTag.Of(request));
        writer.Raw(ServerLine);
        writer.NoBody();
        transaction.Send(writer, status);
    }

    /// <summary>Answers without keeping a transaction: the answer to a retransmission is the same (RFC 3261 §8.2.7).</summary>
    internal void ReplyStateless(SipMessage request, Hop hop, int status, string? reason, ReadOnlySpan<byte> extraLines = default)
    {
        var writer = Table.Writer;
        writer.Reset();
        writer.Response(status, reason);
        ResponseHead.Write(writer, request, hop);
        writer.Raw("To: "u8);
        writer.Raw(request.To);
        if (request.ToTag.IsEmpty)
        {
            writer.Raw(";tag="u8);
            writer.Raw(StatelessTag.Of(request));
        }
        writer.Crlf();
        writer.Raw(extraLines);
        writer.Raw(ServerLine);
        writer.NoBody();
        Output.Send(ResponseHead.HopFor(request, hop, Output), writer.Written);
    }

    internal void AnswerOptions(SipMessage options, Hop hop, bool inDialog)
    {
        if (Accept(options, hop) is not { } transaction)
            return;
        var writer = transaction.Begin(200, null, StatelessTag.Of(options));
        writer.Raw(hop.ContactLine);
        writer.Raw(Capabilities.Allow(inDialog));
        writer.Raw(Capabilities.AcceptAndSupported);
        writer.Raw(ServerLine);
        writer.NoBody();
        transaction.Send(writer, 200);
    }

    /// <summary>Adds further headers and the body.</summary>
    internal void Finish(SipWriter writer, Content? content, IReadOnlyList<HeaderLine>? headers)
    {
        Write(writer, headers);
        if (content is null)
            writer.NoBody();
        else
            writer.Body(content.Type, content.Body.Span);
    }

    internal static void Write(SipWriter writer, IReadOnlyList<HeaderLine>? headers)
    {
        for (int i = 0; i < headers?.Count; i++)
            writer.Header(headers[i].Name, headers[i].Value);
    }

    /// <summary>Sends the ACK of a 2xx; a transaction of its own that nobody answers, so it carries the credentials of its INVITE (RFC 3261 §13.2.2.4, §22.1).</summary>
    internal ReadOnlySpan<byte> SendAck(Dialog dialog, uint cseq, Content? content, IReadOnlyList<HeaderLine>? authorization)
    {
        dialog.SettleHop(Output);
        Span<byte> branch = stackalloc byte[IdSource.TokenLength];
        Table.Ids.Next(branch);
        dialog.Begin(Table.Writer, SipMethod.Ack, cseq, branch, UserAgentLine);
        Finish(Table.Writer, content, authorization);
        Output.Send(dialog.Hop, Table.Writer.Written);
        return Table.Writer.Written;
    }

    /// <summary>The leg that has the tag as its own; null when none does.</summary>
    internal Leg? LegOf(ReadOnlySpan<byte> localTag) => Table.Ids.TryRead(localTag, out ulong id) ? _legs.GetValueOrDefault(id) : null;

    private Leg? FindLeg(SipMessage request) =>
        LegOf(request.ToTag) is { } leg
        && request.CallId.SequenceEqual(leg.Dialog.CallId)
        && (leg.Dialog.RemoteTag.Length == 0 || request.FromTag.SequenceEqual(leg.Dialog.RemoteTag))
            ? leg
            : null;

    /// <summary>Whether a message of a transaction or dialog comes from the address it is expected from, or from another one of a trunk.</summary>
    private bool IsFrom(Hop hop, Hop expected) =>
        hop == expected || hop.Remote.Address.Equals(expected.Remote.Address) || Handler.Knows(hop);

    private bool IsAdmitted(SipMessage request, Hop hop) => hop.IsInside || Handler.Knows(hop) || Handler.Admits(request, hop);

    private bool Ignores(Hop hop) => !hop.IsInside && Handler.Ignores(hop);

    private void ReceiveResponse(SipMessage response, Hop hop)
    {
        if (Table.FindClient(response) is not { } transaction)
            return;
        if (IsFrom(hop, transaction.Hop))
            transaction.Take(response);
        else
            Handler.OnRefused(response, hop);
    }

    private void ReceiveAck(SipMessage ack, Hop hop)
    {
        if (Table.FindServer(ack, SipMethod.Invite) is InviteServerTransaction { State: not InviteServerTransaction.States.Accepted } refused)
        {
            if (IsFrom(hop, refused.Hop))
                refused.ReceiveAck();
        }
        else if (FindLeg(ack) is { } leg && IsPeer(leg, hop))
        {
            leg.Take(ack, hop);
        }
    }

    private void ReceiveAgain(ServerTransaction known, SipMessage request, Hop hop)
    {
        if (IsFrom(hop, known.Hop))
            known.ReceiveAgain();
        else
            Refuse(request, hop);
    }

    /// <summary>A repetition of what is finished: it gets the last response, or nothing where that is empty.</summary>
    private void ReceiveAgain(ReadOnlySpan<byte> said, Hop toward, SipMessage request, Hop hop)
    {
        if (!IsFrom(hop, toward))
            Refuse(request, hop);
        else if (!said.IsEmpty)
            Table.SendAgain(toward, said);
    }

    private void ReceiveInDialog(SipMessage request, Hop hop)
    {
        if (FindLeg(request) is { } leg)
        {
            if (!IsPeer(leg, hop))
                Refuse(request, hop);
            else if (!Stops(request, hop, leg, out _))
                leg.Take(request, hop);
        }
        else
        {
            RefuseUnknown(request, hop);
        }
    }

    private bool IsPeer(Leg leg, Hop hop) => leg.Dialog.IsPeer(hop.Remote.Address) || Handler.Knows(hop);

    /// <summary>481 for a call nobody has; without a transaction, a repetition gets the same answer (RFC 3261 §8.2.7).</summary>
    private void RefuseUnknown(SipMessage request, Hop hop)
    {
        if (IsAdmitted(request, hop))
            ReplyStateless(request, hop, 481, null);
        else
            Refuse(request, hop);
    }

    private void ReceiveCancel(SipMessage cancel, Hop hop)
    {
        if (Table.FindCancelled(cancel) is not { } invite)
        {
            // After the final response a CANCEL changes nothing, and is answered all the same (RFC 3261 §9.2).
            if (Table.TryFindFinished(cancel, SipMethod.Invite, out _, out var toward) && IsFrom(hop, toward))
                Reply(cancel, hop, 200, null);
            else
                RefuseUnknown(cancel, hop);
            return;
        }
        if (!IsFrom(hop, invite.Hop))
        {
            Refuse(cancel, hop);
            return;
        }
        Reply(cancel, hop, 200, null);
        if (invite.IsAnswered || invite.User is not { } user)
            return;
        try
        {
            user.OnCancel(invite, cancel);
        }
        catch (Exception e)
        {
            user.OnFault(invite, e);
        }
    }
}
