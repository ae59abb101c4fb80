using EventCalls.Sip.Dialogs;
using EventCalls.Sip.Facts;
using EventCalls.Sip.Messages;
using EventCalls.Sip.Transactions;

namespace EventCalls.Telephony.Calls;

/// <summary>A request within a dialog on its way through the bridge: asked on the other leg, and answered as the other leg answers.</summary>
internal sealed class PassedRequest : IRequestHandler
{
    private const int OtherSideGone = 504;

    // No media engine answers: the session stays as it is, and whoever asked may ask again.
    private const int NotNow = 500;

    // It says nothing about the dialog, which goes on (RFC 5057 §5.1).
    private const int NobodyThere = 480;

    private readonly Bridge _bridge;
    private readonly IncomingRequest _request;
    private readonly CallSide _from;
    private readonly CallSide _to;
    private readonly Content? _offered;
    private readonly Content? _before;
    private OutgoingRequest? _passed;
    private bool _isCancelled;

    private PassedRequest(Bridge bridge, IncomingRequest request, CallSide from, CallSide to, Content? offered, Content? before)
    {
        _bridge = bridge;
        _request = request;
        _from = from;
        _to = to;
        _offered = offered;
        _before = before;
    }

    /// <summary>Whose request it is.</summary>
    public Leg From => _from.Leg;

    /// <summary>Passes a re-INVITE, UPDATE, INFO or MESSAGE on; a REFER is the call's to carry out; anything else is refused.</summary>
    public static void Pass(Bridge bridge, Call call, IncomingRequest request, CallSide fromSide, CallSide toSide)
    {
        if (request.Method == SipMethod.Refer)
        {
            call.OnRefer(fromSide, request);
            return;
        }
        if (SessionRefresh.TryAnswer(request, fromSide))
            return;
        var (from, to) = (fromSide.Leg, toSide.Leg);
        if (call.HearDigit(from, request) && call.TrySay(request, fromSide, toSide))
            return;
        var content = Content.Of(request.Message);
        bool changes = ChangesSession(request.Method, content);
        if (!IsPassed(request.Method))
        {
            request.Respond(405);
            return;
        }
        if (to.State is not (LegState.Answered or LegState.Confirmed))
        {
            RespondAlone(call, from, request, isUntimely: changes, isHeard: true);
            return;
        }
        if (changes && (to.State != LegState.Confirmed || to.HasOpenChange))
        {
            // The other side is in the middle of a change, or not yet acknowledged (RFC 3261 §14.2, RFC 3311 §5.2).
            request.Respond(491);
            return;
        }
        bool isUpdate = request.Method == SipMethod.Update;
        if (isUpdate && !changes && !to.PeerTakesUpdate)
        {
            // It refreshes our dialog with whoever asks, and asks nothing of the other side.
            request.Respond(200);
            return;
        }
        var passed = new PassedRequest(bridge, request, fromSide, toSide, changes ? content : null, fromSide.Session.Described);
        var headers = HeadersOf(request.Message);
        if (changes && content is not null)
        {
            fromSide.Session.Describe(content);
            toSide.Session.Tell(content, fromSide.Session, isOffer: true, (told, _) => passed.Send(told, headers));
        }
        else
        {
            passed.Send(content, headers);
        }
    }

    /// <summary>Answers a request that nobody is there to pass to: what was taken by us with 200, what somebody else should have got with a refusal.</summary>
    public static void RespondAlone(Call call, Leg from, IncomingRequest request, bool isUntimely, bool isHeard = false)
    {
        bool isDigit = isHeard ? InfoDigits.TryRead(request.Message, out _, out _) : call.HearDigit(from, request);
        // Who is about to be connected may ask again when it is (RFC 3261 §21.4.27).
        if (request.Method == SipMethod.Refer)
            request.Respond(isHeard || from != call.Kept.Leg ? 491 : 403);
        else if (!IsPassed(request.Method))
            request.Respond(405);
        else if (isUntimely)
            request.Respond(491);
        else
            request.Respond(request.Method == SipMethod.Update || isDigit || SaysNothing(request.Message) ? 200 : NobodyThere);
    }

    /// <summary>Whether a request changes the session: a re-INVITE, or an UPDATE with an offer.</summary>
    public static bool ChangesSession(SipMethod method, Content? content) =>
        method == SipMethod.Invite || (method == SipMethod.Update && content is not null);

    /// <summary>The answer came in the ACK: it goes on in the ACK of the other leg.</summary>
    public void Acknowledge(Content? answer)
    {
        if (answer is null)
        {
            _passed?.Ack(null);
            return;
        }
        _from.Session.Describe(answer);
        _to.Session.Tell(answer, _from.Session, isOffer: false, (told, _) => _passed?.Ack(told));
        _bridge.Call.OnChanged();
    }

    /// <summary>Asks the other leg for it.</summary>
    private void Send(Content? content, IReadOnlyList<HeaderLine>? headers)
    {
        if (_request.IsAnswered || (content is null && _offered is not null))
        {
            // It was cancelled while its description was written, or that could not be.
            _from.Session.TakeBack(_offered, _before);
            _request.Respond(NotNow);
            return;
        }
        var to = _to.Leg;
        if (to.State is not (LegState.Answered or LegState.Confirmed))
        {
            _from.Session.TakeBack(_offered, _before);
            _request.Respond(OtherSideGone);
            return;
        }
        // A side without UPDATE is asked for the same change by re-INVITE.
        if (_request.Method == SipMethod.Invite || (_request.Method == SipMethod.Update && !to.PeerTakesUpdate))
        {
            _request.WhenCancelled = Cancel;
            // Two changes that meet are for those who asked to settle: the 491 goes back to whoever lost.
            _passed = to.ReInvite(content, null, this, retriesGlare: false);
        }
        else
        {
            _passed = to.Request(_request.Method, content, headers, this);
        }
    }

    /// <summary>Who asked has thought better of it: the other side is told, and its answer goes back, which may still be a yes.</summary>
    private void Cancel()
    {
        _isCancelled = true;
        _passed?.Cancel();
    }

    void IRequestHandler.OnResponse(OutgoingRequest request, SipMessage response)
    {
        if (response.StatusCode < 200 || _request.IsAnswered)
            return;
        try
        {
            Answer(request, response);
        }
        catch
        {
            // Whoever asked is not left waiting.
            _request.Respond(500);
            throw;
        }
    }

    void IRequestHandler.OnNoResponse(OutgoingRequest request, NoResponse why)
    {
        if (_request.IsAnswered)
            return;
        _from.Session.TakeBack(_offered, _before);
        _request.Respond(_isCancelled ? 487 : OtherSideGone);
    }

    private void Answer(OutgoingRequest request, SipMessage response)
    {
        var content = Content.Of(response);
        if (response.StatusCode < 300)
        {
            int agreed = response.StatusCode;
            if (content is null || !ChangesSession(_request.Method, content))
            {
                _request.Respond(agreed, null, content);
                return;
            }
            // The re-INVITE brought no offer, so this 2xx makes it, and the answer is to come in the ACK (RFC 3261 §14.1).
            bool isOffer = _request.Method == SipMethod.Invite && _offered is null;
            _to.Session.Describe(content);
            if (isOffer)
            {
                request.DeferAck();
                _passed = request;
                _bridge.AwaitAck(this);
            }
            _from.Session.Tell(content, _to.Session, isOffer, (told, _) =>
            {
                if (told is null && isOffer)
                    request.Ack(null);
                _request.Respond(told is null ? NotNow : agreed, null, told);
                _bridge.Call.OnChanged();
            });
            return;
        }
        _from.Session.TakeBack(_offered, _before);
        int status = response.StatusCode switch
        {
            // A challenge is between us and the other side; who asked cannot answer it.
            401 or 407 => 403,
            // So is how long the session lasts (RFC 4028).
            422 => 488,
            // The other leg is gone, this one is not: its peer hears of the end by BYE (RFC 3261 §12.2.1.2).
            408 or 481 => OtherSideGone,
            _ => response.StatusCode,
        };
        _request.Respond(status, SafePhrase(response, status), null, RefusalHeaders(response));
    }

    private static bool IsPassed(SipMethod method) => method is SipMethod.Invite or SipMethod.Update or SipMethod.Info or SipMethod.Message;

    /// <summary>Whether an INFO or MESSAGE is empty: such an INFO only asks whether the dialog is there.</summary>
    private static bool SaysNothing(SipMessage message) => message.Body.IsEmpty && !message.Has(HeaderId.InfoPackage);

    private static string? SafePhrase(SipMessage response, int status)
    {
        if (status != response.StatusCode)
            return null;
        string phrase = SipText.Get(response.ReasonPhrase);
        return SipText.IsSafeHeaderValue(phrase) ? phrase : null;
    }

    private static HeaderLine[]? HeadersOf(SipMessage message) => ReceivedFacts.Text(message, HeaderId.InfoPackage) is { } package && SipText.IsSafeHeaderValue(package)
        ? [new HeaderLine("Info-Package", package)]
        : null;

    /// <summary>What of a refusal whoever asked is to know: when to come again, and what is wrong.</summary>
    internal static IReadOnlyList<HeaderLine>? RefusalHeaders(SipMessage response)
    {
        List<HeaderLine>? headers = null;
        Add(ref headers, "Retry-After", ReceivedFacts.Text(response, HeaderId.RetryAfter));
        Add(ref headers, "Warning", ReceivedFacts.Text(response, HeaderId.Warning));
        return headers;
    }

    private static void Add(ref List<HeaderLine>? headers, string name, string? value)
    {
        if (value is not null && SipText.IsSafeHeaderValue(value))
            (headers ??= []).Add(new HeaderLine(name, value));
    }
}
