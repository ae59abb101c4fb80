using EventCalls.Contracts;
using EventCalls.Sip.Messages;

namespace EventCalls.Telephony.Tests.Transfers;

/// <summary>A caller who is referred, and what he was asked.</summary>
public abstract class ReferTest : EdgeTest
{
    private int _seen;

    private protected List<string> Refers { get; } = [];

    protected ReferTest() => Network.Turn += () =>
    {
        foreach (var sent in Network.Log.Skip(_seen))
        {
            if (sent.Kind == "REFER")
                Refers.Add(sent.Text);
        }
        _seen = Network.Log.Count;
    };

    private protected void CallerAnswersRefer(int status, params HeaderLine[] headers) => Caller.OnAsked = (phone, request) =>
    {
        if (request.Method == SipMethod.Refer)
            request.Respond(status, null, null, headers);
        else
            request.Respond(200, null, request.Method == SipMethod.Invite ? phone.Session() : null);
    };

    private protected void ReferAccepted(params Handoff[] rest)
    {
        CallerAnswersRefer(202);
        CallIn();
        Decide([Refer(), .. rest]);
        Run(50);
        Assert.Equal("transfer_progressed response 202", Story()[^1]);
    }

    private protected string NotifyAfterBye(string fragment)
    {
        var invite = Network.Log.First(s => s.Kind == "INVITE");
        var answer = Network.Log.First(s => s.Kind == "200" && s.CSeqMethod == "INVITE");
        return $"""
            NOTIFY sip:10.0.0.1:5060 SIP/2.0
            Via: SIP/2.0/UDP 10.0.0.2:5060;branch=z9hG4bKafterbye
            Max-Forwards: 70
            From: {answer.Header("From")}
            To: {answer.Header("To")}
            Call-ID: {invite.Header("Call-ID")}
            CSeq: 900 NOTIFY
            Contact: <sip:10.0.0.2:5060>
            Event: refer
            Subscription-State: terminated;reason=noresource
            Content-Type: message/sipfrag

            {fragment}

            """;
    }
}
