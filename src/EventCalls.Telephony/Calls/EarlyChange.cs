using EventCalls.Sip.Dialogs;
using EventCalls.Sip.Messages;
using EventCalls.Sip.Transactions;

namespace EventCalls.Telephony.Calls;

/// <summary>A change of session on its way between a caller and a target that has not answered yet: an UPDATE on one leg, an UPDATE on the other (RFC 3311 §5.1).</summary>
internal sealed class EarlyChange : IRequestHandler
{
    /// <summary>What a change is refused with that cannot be asked of the other side now (RFC 3311 §5.2).</summary>
    public const int NotNow = 504;

    private readonly IncomingRequest _request;
    private readonly LegSession _from;
    private readonly LegSession _to;
    private readonly Action<Content, Content?> _agreed;
    private readonly Content _offer;

    private EarlyChange(IncomingRequest request, Content offer, LegSession from, LegSession to, Action<Content, Content?> agreed)
    {
        _request = request;
        _offer = offer;
        _from = from;
        _to = to;
        _agreed = agreed;
    }

    /// <summary>Asks the other leg for what was asked of one, and answers as it does; 504 when that one cannot be asked before it is answered.</summary>
    /// <param name="request">An UPDATE with an offer.</param>
    /// <param name="from">The session of the leg it came on.</param>
    /// <param name="other">The other leg; null when there is none that has agreed on a session.</param>
    /// <param name="to">The session of that one.</param>
    /// <param name="agreed">Called with the offer and its answer when the change is made.</param>
    public static void Pass(IncomingRequest request, LegSession from, Leg? other, LegSession to, Action<Content, Content?> agreed)
    {
        if (other is not { TakesEarlyChange: true } || Content.Of(request.Message) is not { } offer)
            request.Respond(NotNow);
        else if (other.HasOpenChange)
            request.Respond(491);
        else
            to.Tell(offer, from, isOffer: true, (told, _) =>
            {
                if (request.IsAnswered)
                    return;
                if (told is null || !other.TakesEarlyChange)
                    request.Respond(NotNow);
                else
                    other.Request(SipMethod.Update, told, null, new EarlyChange(request, offer, from, to, agreed));
            });
    }

    void IRequestHandler.OnResponse(OutgoingRequest request, SipMessage response)
    {
        int status = response.StatusCode;
        if (status < 200 || _request.IsAnswered)
            return;
        if (status >= 300)
        {
            // A challenge is between us and the other side, and its dialog is no affair of who asked.
            _request.Respond(status switch { 401 or 407 => 403, 408 or 481 => NotNow, _ => status }, null, null, PassedRequest.RefusalHeaders(response));
            return;
        }
        var answer = Content.Of(response);
        _from.Describe(_offer);
        _to.Describe(answer);
        if (answer is null)
            Agree(null, null);
        else
            _from.Tell(answer, _to, isOffer: false, (told, _) => Agree(answer, told));
    }

    private void Agree(Content? answer, Content? told)
    {
        _request.Respond(200, null, told);
        _agreed(_offer, answer);
    }

    void IRequestHandler.OnNoResponse(OutgoingRequest request, NoResponse why)
    {
        if (!_request.IsAnswered)
            _request.Respond(NotNow);
    }
}
