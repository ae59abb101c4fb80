using System.Text;
using EventCalls.Contracts;
using EventCalls.Simulation.Forks;
using EventCalls.Simulation.Peers;
using EventCalls.Sip.Messages;

namespace EventCalls.Simulation.Sipp;

/// <summary>Writes the caller's side of a recorded call as a SIPp scenario: the INVITE with its headers, what it did with REFERs, and how it ended.</summary>
internal sealed class CallerScenario
{
    // What SIPp must make itself, and what only held between the machines of then.
    private static readonly HashSet<string> s_own = new(StringComparer.OrdinalIgnoreCase)
    {
        "Via", "v", "From", "f", "To", "t", "Call-ID", "i", "CSeq", "Contact", "m", "Content-Length", "l", "Route", "Record-Route",
        "Authorization", "Proxy-Authorization",
    };

    private const string Via = "Via: SIP/2.0/[transport] [local_ip]:[local_port];branch=[branch];rport";
    private const string InviteVia = "Via: SIP/2.0/[transport] [local_ip]:[local_port];branch=z9hG4bK-inv-[pid]-[call_number];rport";

    private readonly Recording _recording;
    private readonly int _graceMs;
    private readonly SippScenario _scenario;
    private readonly string _uri;
    private readonly string _from;
    private readonly string _to;
    private readonly string _contact;
    private readonly string[] _session;
    private long _now;
    private bool _isAnswered;
    private bool _isOver;

    private CallerScenario(Recording recording, int graceMs)
    {
        _recording = recording;
        _graceMs = graceMs;
        var started = recording.Started;
        _scenario = new SippScenario("caller", $"The caller's side of the recorded call {started.CallId:D}.");
        _uri = RequestUri(started);
        _from = $"From: {Address(started, "From", "f", "<sip:anonymous@anonymous.invalid>")};tag=[pid]c[call_number]";
        _to = $"To: {Address(started, "To", "t", $"<{_uri}>")}";
        _contact = $"Contact: <sip:{SippText.Of(UserOf(started))}[local_ip]:[local_port];transport=[transport]>";
        _session = started.OfferedMedia is { } media ? [.. SippText.Lines(media)] : [.. SippSession.Lines];
    }

    /// <summary>The scenario.</summary>
    /// <param name="recording">The recorded call.</param>
    /// <param name="graceMs">How long after a BYE a report was waited for.</param>
    public static string Of(Recording recording, int graceMs)
    {
        var caller = new CallerScenario(recording, graceMs);
        caller.Write();
        return caller._scenario.ToString();
    }

    private void Write()
    {
        Invite();
        _scenario.Receive(100, isOptional: true);
        bool isImmediate = _recording.Events.OfType<CallAnswered>().Any(a => a.Leg == "caller" && a.HandoffId is null);
        if (isImmediate)
            AwaitAnswer(_recording.Since(_recording.Events.OfType<CallAnswered>().First().OccurredAt));
        foreach (var attempt in _recording.Attempts)
        {
            if (attempt.Started.Method == HandoffMethod.Refer)
                Refer(attempt);
            else if (attempt.Started.Method == HandoffMethod.Invite)
                Connect(attempt);
        }
        if (!_isOver && _recording.Ended is { } ended)
            End(ended);
    }

    private void Invite()
    {
        var started = _recording.Started;
        var kept = started.Headers.Where(h => IsKept(h, hasBody: started.OfferedMedia is not null)).Select(h => $"{SippText.Of(h.Name)}: {SippText.Of(h.Value)}").ToList();
        if (!kept.Any(h => h.StartsWith("Max-Forwards:", StringComparison.OrdinalIgnoreCase)))
            kept.Insert(0, "Max-Forwards: 70");
        if (started.OfferedMedia is not null && !kept.Any(h => h.StartsWith("Content-Type:", StringComparison.OrdinalIgnoreCase) || h.StartsWith("c:", StringComparison.OrdinalIgnoreCase)))
            kept.Add("Content-Type: application/sdp");
        _scenario.Send(
            [$"INVITE {_uri} SIP/2.0", InviteVia, _from, _to, "Call-ID: [call_id]", "CSeq: 1 INVITE", _contact, .. kept],
            started.OfferedMedia is null ? null : _session,
            isRepeated: true);
    }

    private void AwaitAnswer(long at)
    {
        foreach (int status in (int[])[180, 181, 182, 183])
            _scenario.Receive(status, isOptional: true);
        _scenario.Receive(200, keepsRoute: true);
        bool answersOffer = _recording.Started.OfferedMedia is null;
        _scenario.Send(
            ["ACK [next_url] SIP/2.0", Via, _from, $"{_to}[peer_tag_param]", "[routes]", "Call-ID: [call_id]", "CSeq: 1 ACK", "Max-Forwards: 70", .. answersOffer ? (string[])["Content-Type: application/sdp"] : []],
            answersOffer ? _session : null);
        _isAnswered = true;
        _now = at;
    }

    private void Refer(RecordedAttempt attempt)
    {
        if (attempt.Evidence is { } evidence && (PeerPlans.IsRefusedHere(evidence) || evidence.Here() == LocalEvidence.OfferNotAnswerable))
            return;
        long begun = _recording.Since(attempt.Started.OccurredAt);
        if (!_isAnswered)
            AwaitAnswer(begun);
        _scenario.Receive("REFER");
        bool isOpen = true;
        foreach (var step in PeerPlans.Recorded(attempt, _graceMs).Steps)
        {
            Wait(begun + step.AtMs);
            switch (step.Act)
            {
                case PeerAct.Respond:
                    // After a refusal that asked for another try, the REFER comes again.
                    if (!isOpen)
                        _scenario.Receive("REFER");
                    isOpen = false;
                    _scenario.Send(Response(step.Status ?? 202, step.Phrase, step.Headers), isRepeated: false);
                    break;
                case PeerAct.Notify:
                    Notify(step);
                    break;
                case PeerAct.HangUp:
                    Bye(step.Headers.FirstOrDefault(h => h.Name == "Reason").Value);
                    break;
            }
        }
        _now = Math.Max(_now, begun + (attempt.DecidedAtMs ?? 0));
    }

    private void Connect(RecordedAttempt attempt)
    {
        long begun = _recording.Since(attempt.Started.OccurredAt);
        // A caller who is not answered, or whose target's answer was no use, was offered nothing.
        var here = attempt.Evidence?.Here();
        if (here == LocalEvidence.AnswerNotUsable || (here is LocalEvidence.CallerGone or LocalEvidence.CallEnded && !_isAnswered))
            return;
        var media = attempt.Evidence is { } evidence ? PeerPlans.MediaOf(attempt, evidence) : MediaReply.Take;
        if (!attempt.IsCompleted && media == MediaReply.Take)
            return;
        long at = begun + (attempt.DecidedAtMs ?? 0);
        if (!_isAnswered)
        {
            AwaitAnswer(at);
            return;
        }
        _scenario.Receive("INVITE");
        _now = at;
        if (media == MediaReply.Ignore)
            return;
        if (media == MediaReply.Refuse)
            _scenario.Send(Response(488, null, []), isRepeated: true);
        else
            _scenario.Send([.. Response(200, null, []), "Content-Type: application/sdp"], _session, isRepeated: true);
        _scenario.Receive("ACK");
    }

    private void End(CallEnded ended)
    {
        long at = _recording.Since(ended.OccurredAt);
        bool isCallers = ended.EndedBy == CallParty.Caller || Recording.IsBreakdown(ended.Cause);
        if (_isAnswered && isCallers)
        {
            Wait(at);
            Bye(ended.Reason);
        }
        else if (_isAnswered)
        {
            _scenario.Receive("BYE");
            _scenario.Send(Response(200, null, []));
        }
        else if (isCallers)
        {
            Cancel(at, ended.Reason);
        }
        else
        {
            foreach (int status in (int[])[180, 181, 182, 183])
                _scenario.Receive(status, isOptional: true);
            _scenario.Receive(ended.Status ?? 480);
            Acknowledge();
        }
    }

    private void Cancel(long at, string? reason)
    {
        // What is heard before the CANCEL has to be waited for: SIPp takes nothing optional during a pause.
        foreach (var attempt in _recording.Attempts.Where(a => a.Started.Method == HandoffMethod.Invite))
        {
            foreach (var (afterMs, heard) in attempt.Progress.Where(p => p.Event.Status is >= 180 and <= 183))
            {
                _scenario.Receive(heard.Status!.Value);
                _now = _recording.Since(attempt.Started.OccurredAt) + afterMs;
            }
        }
        Wait(at);
        _scenario.Send([$"CANCEL {_uri} SIP/2.0", InviteVia, _from, _to, "Call-ID: [call_id]", "CSeq: 1 CANCEL", "Max-Forwards: 70", .. ReasonLine(reason)], isRepeated: true);
        _scenario.Receive(200);
        _scenario.Receive(487);
        Acknowledge();
    }

    private void Acknowledge() => _scenario.Send(
        [$"ACK {_uri} SIP/2.0", InviteVia, _from, $"{_to}[peer_tag_param]", "Call-ID: [call_id]", "CSeq: 1 ACK", "Max-Forwards: 70"]);

    private void Notify(PeerStep step)
    {
        List<string> headers =
        [
            "NOTIFY [next_url] SIP/2.0", Via, _from, $"{_to}[peer_tag_param]", "[routes]", "Call-ID: [call_id]", "CSeq: [cseq] NOTIFY", _contact,
            "Max-Forwards: 70", "Event: refer", $"Subscription-State: {SippText.Of(step.SubscriptionState ?? "terminated;reason=noresource")}",
        ];
        if (step.Status is { } status)
            _scenario.Send([.. headers, "Content-Type: message/sipfrag;version=2.0"], [$"SIP/2.0 {status} {SippText.Of(step.Phrase ?? ReasonPhrases.Of(status))}"], isRepeated: true);
        else
            _scenario.Send(headers, isRepeated: true);
        _scenario.Receive(200);
    }

    private void Bye(string? reason)
    {
        _scenario.Send(
            ["BYE [next_url] SIP/2.0", Via, _from, $"{_to}[peer_tag_param]", "[routes]", "Call-ID: [call_id]", "CSeq: [cseq] BYE", _contact, "Max-Forwards: 70", .. ReasonLine(reason)],
            isRepeated: true);
        _scenario.Receive(200);
        _isOver = true;
    }

    private List<string> Response(int status, string? phrase, IReadOnlyList<HeaderLine> more) =>
    [
        $"SIP/2.0 {status} {SippText.Of(phrase ?? ReasonPhrases.Of(status))}", "[last_Via:]", "[last_From:]", "[last_To:]", "[last_Call-ID:]", "[last_CSeq:]", _contact,
        .. more.Select(h => $"{h.Name}: {SippText.Of(h.Value)}"),
    ];

    private void Wait(long until)
    {
        _scenario.Pause(until - _now);
        _now = Math.Max(_now, until);
    }

    private static string[] ReasonLine(string? reason) => reason is null ? [] : [$"Reason: {SippText.Of(reason)}"];

    private static bool IsKept(SipHeader header, bool hasBody) =>
        !s_own.Contains(header.Name) && (hasBody || !header.Name.StartsWith("Content-", StringComparison.OrdinalIgnoreCase) && !header.Name.Equals("c", StringComparison.OrdinalIgnoreCase));

    private static string RequestUri(CallStarted started)
    {
        if (!SipUri.TryParse(Encoding.UTF8.GetBytes(started.RequestUri), out var uri) || uri.Scheme is not (UriScheme.Sip or UriScheme.Sips))
            return SippText.Of(started.RequestUri);
        string user = SipText.Get(uri.User);
        string parameters = SipText.Get(uri.Parameters);
        return $"sip:{SippText.Of(user)}{(user.Length > 0 ? "@" : "")}[remote_ip]:[remote_port]{(parameters.Length > 0 ? ";" : "")}{SippText.Of(parameters.TrimStart(';'))}";
    }

    private static string UserOf(CallStarted started)
    {
        var contact = Header(started, "Contact", "m");
        if (contact is null || !NameAddr.TryParse(Encoding.UTF8.GetBytes(contact), out var address) || !SipUri.TryParse(address.Uri, out var uri) || uri.User.IsEmpty)
            return "caller@";
        return SipText.Get(uri.User) + "@";
    }

    private static string Address(CallStarted started, string name, string compact, string otherwise)
    {
        if (Header(started, name, compact) is not { } value || !NameAddr.TryParse(Encoding.UTF8.GetBytes(value), out var address))
            return otherwise;
        string display = SipText.Get(address.DisplayName);
        return $"{SippText.Of(display)}{(display.Length > 0 ? " " : "")}<{SippText.Of(SipText.Get(address.Uri))}>";
    }

    private static string? Header(CallStarted started, string name, string compact) => started.Headers
        .FirstOrDefault(h => h.Name.Equals(name, StringComparison.OrdinalIgnoreCase) || h.Name.Equals(compact, StringComparison.OrdinalIgnoreCase))?.Value;
}
