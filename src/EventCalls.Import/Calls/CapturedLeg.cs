using EventCalls.Contracts;
using EventCalls.Import.Captures;
using EventCalls.Sip.Facts;
using EventCalls.Sip.Messages;

namespace EventCalls.Import.Calls;

/// <summary>One INVITE on its way over one hop, with its repetitions, what was answered to it, and its CANCEL.</summary>
internal sealed class CapturedLeg
{
    private const int MostProgress = 50;
    private const int MostBranches = 16;

    private readonly List<string> _branches = [];
    private int _lastStatus;

    private CapturedLeg()
    {
    }

    /// <summary>When the first INVITE was seen, UTC.</summary>
    public required DateTimeOffset InvitedAt { get; init; }

    /// <summary>From where.</summary>
    public required NetEndPoint Source { get; init; }

    /// <summary>To where.</summary>
    public required NetEndPoint Destination { get; init; }

    /// <summary><c>udp</c> or <c>tcp</c>.</summary>
    public required string Transport { get; init; }

    /// <summary>The request URI.</summary>
    public required string RequestUri { get; init; }

    /// <summary>The caller's number by the rule of <c>docs/numbers.md</c>.</summary>
    public required string Caller { get; init; }

    /// <summary>The dialled number by that rule.</summary>
    public required string Callee { get; init; }

    /// <summary>All header fields.</summary>
    public required IReadOnlyList<SipHeader> Headers { get; init; }

    /// <summary>The header fields somebody chose to send.</summary>
    public required IReadOnlyList<SipHeader> CustomHeaders { get; init; }

    /// <summary>The offered session; null when there was none.</summary>
    public string? OfferedMedia { get; init; }

    /// <summary>The dialog that the call is to take the place of (RFC 3891): its Call-ID; null for none.</summary>
    public string? ReplacesCallId { get; init; }

    /// <summary>The CSeq of the newest INVITE.</summary>
    public uint CSeq { get; private set; }

    /// <summary>Ringing and other provisional responses, repeated ones left out.</summary>
    public List<SeenProgress> Progress { get; } = [];

    /// <summary>Whether anything was answered, a 100 among it.</summary>
    public bool HasResponse { get; private set; }

    /// <summary>When it first rang, UTC; null when it did not.</summary>
    public DateTimeOffset? RungAt { get; private set; }

    /// <summary>When it was answered with a 2xx, UTC; null when it was not.</summary>
    public DateTimeOffset? AnsweredAt { get; private set; }

    /// <summary>Who answered.</summary>
    public string? AnsweredBy { get; private set; }

    /// <summary>When the final response came, UTC; null when none did.</summary>
    public DateTimeOffset? FinalAt { get; private set; }

    /// <summary>The final response.</summary>
    public SipEvidence? Final { get; private set; }

    /// <summary>The status of the final response; 0 when there is none.</summary>
    public int FinalStatus => Final?.Status ?? 0;

    /// <summary>The Contacts of a 3xx, as written.</summary>
    public IReadOnlyList<string> Contacts { get; private set; } = [];

    /// <summary>The header fields somebody chose to send with the final response.</summary>
    public IReadOnlyList<SipHeader> FinalHeaders { get; private set; } = [];

    /// <summary>When it was cancelled, UTC; null when it was not.</summary>
    public DateTimeOffset? CancelledAt { get; private set; }

    /// <summary>The Reason of the CANCEL.</summary>
    public string? CancelReason { get; private set; }

    /// <summary>Whether the final response says no.</summary>
    public bool HasFailed => FinalStatus >= 300;

    /// <summary>Takes an INVITE down.</summary>
    public static CapturedLeg Of(in CapturedMessage captured)
    {
        var invite = captured.Message;
        var leg = new CapturedLeg
        {
            InvitedAt = captured.Time,
            Source = captured.Source,
            Destination = captured.Destination,
            Transport = captured.Transport,
            RequestUri = SipText.Get(invite.RequestUri),
            Caller = Numbers.Caller(invite),
            Callee = Numbers.Callee(invite),
            Headers = ReceivedHeaders.Copy(invite, static (name, value) => new SipHeader(name, value)),
            CustomHeaders = SeenHeaders.CustomOf(invite),
            OfferedMedia = ReceivedHeaders.SessionDescription(invite),
            ReplacesCallId = UpTo(ReceivedFacts.Text(invite, HeaderId.Replaces), ';'),
            CSeq = invite.CSeqNumber,
        };
        leg._branches.Add(SipText.Get(invite.ViaBranch));
        return leg;
    }

    /// <summary>Whether a message belongs to one of the leg's INVITE transactions.</summary>
    public bool HasBranch(string branch) => branch.Length > 0 && _branches.Contains(branch);

    /// <summary>Whether an INVITE goes the same way.</summary>
    public bool IsSameWay(in CapturedMessage invite) => invite.Source == Source && invite.Destination == Destination;

    /// <summary>Whether the same INVITE was sent once more: with credentials, or with what the response before asked to change (RFC 3261 §8.1.3.5).</summary>
    public bool IsRetriedBy(in CapturedMessage invite) => IsSameWay(invite) && HasFailed && invite.Message.CSeqNumber > CSeq;

    /// <summary>Takes a further INVITE of the same leg; the response before no longer counts.</summary>
    public void Retry(in CapturedMessage invite)
    {
        CSeq = invite.Message.CSeqNumber;
        if (_branches.Count < MostBranches)
            _branches.Add(SipText.Get(invite.Message.ViaBranch));
        Final = null;
        FinalAt = null;
        FinalHeaders = [];
        Contacts = [];
    }

    /// <summary>Takes a response to the INVITE; what was there already does nothing.</summary>
    public void Respond(in CapturedMessage captured)
    {
        var response = captured.Message;
        int status = response.StatusCode;
        HasResponse = true;
        // The refusal of an INVITE that has been sent anew by now, repeated.
        if (response.CSeqNumber != CSeq || Final is not null || AnsweredAt is not null)
            return;
        if (status >= 180)
            RungAt ??= status < 300 ? captured.Time : null;
        if (status < 200)
        {
            if (status > 100 && status != _lastStatus && Progress.Count < MostProgress)
                Progress.Add(new SeenProgress(captured.Time, "response", _lastStatus = status, SipText.Get(response.StartLine)));
            return;
        }
        Final = CapturedEvidence.OfResponse(response);
        FinalAt = captured.Time;
        if (status < 300)
        {
            AnsweredAt = captured.Time;
            AnsweredBy = ReceivedFacts.AnsweredBy(response);
            return;
        }
        FinalHeaders = SeenHeaders.CustomOf(response);
        if (status < 400)
            Contacts = ContactsOf(response);
    }

    /// <summary>Takes a CANCEL of the INVITE.</summary>
    public void Cancel(in CapturedMessage cancel)
    {
        if (CancelledAt is not null || Final is not null)
            return;
        CancelledAt = cancel.Time;
        CancelReason = ReceivedFacts.Text(cancel.Message, HeaderId.Reason);
    }

    private static List<string> ContactsOf(SipMessage response)
    {
        var contacts = new List<string>();
        foreach (var contact in response.Values(HeaderId.Contact))
        {
            if (SeenHeaders.UriOf(contact) is { } uri)
                contacts.Add(uri);
        }
        return contacts;
    }

    private static string? UpTo(string? text, char end) => text?.IndexOf(end) is >= 0 and var at ? text[..at].Trim() : text;
}
