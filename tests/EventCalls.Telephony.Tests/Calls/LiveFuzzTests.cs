using System.Text;
using EventCalls.Contracts;
using EventCalls.Sip.Dialogs;
using EventCalls.Sip.Messages;
using EventCalls.Testing.Fuzzing;
using EventCalls.Testing.Logging;
using EventCalls.Testing.Sip;
using Microsoft.Extensions.Logging;

namespace EventCalls.Telephony.Tests.Calls;

/// <summary>
/// Mutated requests and responses with the right tags in calls that are up or ring: nothing throws, the call beside them is not touched, and nothing is left behind. <c>EVENTCALLS_SEED</c> plays other
/// cases, <c>EVENTCALLS_FUZZ_CASES</c> more of them.
/// </summary>
public sealed class LiveFuzzTests : EdgeTest
{
    private const string Session = "v=0\r\no=fuzz 1 9 IN IP4 10.0.0.2\r\ns=-\r\nc=IN IP4 10.0.0.2\r\nt=0 0\r\nm=audio 4004 RTP/AVP 0 8\r\na=sendrecv\r\n";

    private static readonly int s_seed = int.TryParse(Environment.GetEnvironmentVariable("EVENTCALLS_SEED"), out int seed) ? seed : 1;
    private static readonly int s_cases = int.TryParse(Environment.GetEnvironmentVariable("EVENTCALLS_FUZZ_CASES"), out int cases) ? cases : 400;

    private readonly Mutator _mutator = new(s_seed);
    private int _sent;

    [Fact]
    [Trait("RFC", "3261 §16.3, §21.4.1")]
    public void Mutated_messages_within_calls_harm_no_other_call_and_leave_nothing_behind()
    {
        var log = new RecordingLogger();
        Logger = log;
        Bridge();
        var (watchedCaller, watchedTarget) = (Caller.Leg!, Target.Leg!);
        var watched = Started.CallId;
        for (int i = 0; i < s_cases; i++)
        {
            bool rings = _mutator.Random.Next(3) == 0;
            Target.OnCall = rings ? static (_, leg) => leg.Ring(180) : static (phone, leg) => leg.Answer(phone.Session());
            var caller = CallIn();
            Decide(_mutator.Random.Next(4) == 0 ? Refer() : Invite());
            Run(100);
            for (int sent = 1 + _mutator.Random.Next(6); sent > 0; sent--)
            {
                bool isCallers = _mutator.Random.Next(2) == 0 || Target.Leg == watchedTarget;
                Send(isCallers ? Caller.Host : Target.Host, isCallers ? caller : Target.Leg!);
                Run(_mutator.Random.Next(40));
            }
            if (_mutator.Random.Next(2) == 0)
                caller.Bye();
            Run(100);
            Assert.DoesNotContain(log.Lines, l => l.Level >= LogLevel.Error);
            if (i % 20 == 0)
                AssertUnharmed(watchedCaller, watchedTarget);
            Network.Log.Clear();
        }
        AssertUnharmed(watchedCaller, watchedTarget);
        Assert.DoesNotContain(Journal.Events.OfType<CallEnded>(), e => e.CallId == watched || e.Cause == CallEndCause.Error);
        Shard.EndAll();
        Run(1_000);
        AssertOver();
    }

    private void AssertUnharmed(Leg caller, Leg target)
    {
        Assert.Equal((LegState.Confirmed, LegState.Confirmed), (caller.State, target.State));
        int before = Caller.Log.Count(l => l == "INFO 200");
        caller.Request(SipMethod.Info, new Content("text/plain", "still there"u8.ToArray()), null, Caller);
        Run(100);
        Assert.Equal(before + 1, Caller.Log.Count(l => l == "INFO 200"));
    }

    private void Send(VirtualHost from, Leg leg)
    {
        // As whoever it is of would send it, but for what is wrong with it.
        string answered = Network.Log.LastOrDefault(s => s.To.Equals(from.EndPoint) && s.From.Equals(NodeHost.EndPoint) && s.Header("Call-ID") == leg.CallId && !s.StartLine.StartsWith("SIP/", StringComparison.Ordinal))?.Text ?? "";
        string[] methods = ["INVITE", "UPDATE", "INFO", "REFER", "NOTIFY", "PRACK", "OPTIONS", "MESSAGE", "BYE", "ACK", "CANCEL", "SUBSCRIBE"];
        string method = methods[_mutator.Random.Next(methods.Length)];
        bool isResponse = answered.Length > 0 && _mutator.Random.Next(4) == 0;
        var (type, body) = method switch
        {
            "INVITE" or "UPDATE" or "ACK" => ("application/sdp", Session),
            "INFO" => ("application/dtmf-relay", "Signal=5\r\nDuration=100\r\n"),
            "NOTIFY" => ("message/sipfrag", "SIP/2.0 200 OK\r\n"),
            _ => ("text/plain", "hello"),
        };
        string more = method switch
        {
            "REFER" => "Refer-To: <sip:second@10.0.0.4:5060?X-A=1&Replaces=a%3Bto-tag%3D1%3Bfrom-tag%3D2>\r\n",
            "NOTIFY" => "Event: refer\r\nSubscription-State: active;expires=60\r\n",
            "PRACK" => "RAck: 1 1 INVITE\r\n",
            "INVITE" or "UPDATE" => "Session-Expires: 90;refresher=uac\r\nSupported: timer\r\n",
            _ => "",
        };
        _sent++;
        string text = isResponse
            ? Response(answered, 100 + (_mutator.Random.Next(60) * 10))
            : $"{method} sip:10.0.0.1:5060 SIP/2.0\r\nVia: SIP/2.0/UDP {from.EndPoint};branch=z9hG4bKfuzz{_sent}\r\nMax-Forwards: 70\r\nFrom: <sip:a@b>;tag={leg.LocalTag}\r\nTo: <sip:c@d>;tag={leg.RemoteTag}\r\nCall-ID: {leg.CallId}\r\nCSeq: {2 + _sent} {method}\r\nContact: <sip:{from.EndPoint}>\r\n{more}Content-Type: {type}\r\nContent-Length: {body.Length}\r\n\r\n{body}";
        var bytes = Encoding.UTF8.GetBytes(text);
        from.Send(NodeHost, _mutator.Random.Next(5) == 0 ? bytes : _mutator.Mutate(bytes));
    }

    private static string Response(string request, int status)
    {
        var lines = request.Split("\r\n").Where(l => l.StartsWith("Via:", StringComparison.Ordinal) || l.StartsWith("From:", StringComparison.Ordinal) || l.StartsWith("To:", StringComparison.Ordinal)
            || l.StartsWith("Call-ID:", StringComparison.Ordinal) || l.StartsWith("CSeq:", StringComparison.Ordinal));
        return $"SIP/2.0 {status} Whatever\r\n{string.Join("\r\n", lines)}\r\nContact: <sip:10.0.0.3:5060>\r\nWWW-Authenticate: Digest realm=\"r\", nonce=\"n\", qop=\"auth-int\"\r\nRSeq: 1\r\nRequire: 100rel\r\nContent-Type: application/sdp\r\nContent-Length: {Session.Length}\r\n\r\n{Session}";
    }
}
