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
    private static readonly int s_seed = int.TryParse(Environment.GetEnvironmentVariable("EVENTCALLS_SEED"), out int seed) ? seed : 1;
    private static readonly int s_cases = int.TryParse(Environment.GetEnvironmentVariable("EVENTCALLS_FUZZ_CASES"), out int cases) ? cases : 400;

    private readonly Mutator _mutator = new(s_seed);
    private readonly InDialogFuzz _fuzz;

    public LiveFuzzTests() => _fuzz = new InDialogFuzz(_mutator);

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
        bool isResponse = answered.Length > 0 && _mutator.Random.Next(4) == 0;
        string text = isResponse
            ? Response(answered, 100 + (_mutator.Random.Next(60) * 10))
            : _fuzz.Next(new FuzzedDialog(leg.CallId, leg.LocalTag, leg.RemoteTag, $"{from.EndPoint}", "sip:10.0.0.1:5060"), "sip:second@10.0.0.4:5060");
        from.Send(NodeHost, _fuzz.Spoiled(text));
    }

    private static string Response(string request, int status)
    {
        var lines = request.Split("\r\n").Where(l => l.StartsWith("Via:", StringComparison.Ordinal) || l.StartsWith("From:", StringComparison.Ordinal) || l.StartsWith("To:", StringComparison.Ordinal)
            || l.StartsWith("Call-ID:", StringComparison.Ordinal) || l.StartsWith("CSeq:", StringComparison.Ordinal));
        return $"SIP/2.0 {status} Whatever\r\n{string.Join("\r\n", lines)}\r\nContact: <sip:10.0.0.3:5060>\r\nWWW-Authenticate: Digest realm=\"r\", nonce=\"n\", qop=\"auth-int\"\r\nRSeq: 1\r\nRequire: 100rel\r\nContent-Type: application/sdp\r\nContent-Length: {InDialogFuzz.Session.Length}\r\n\r\n{InDialogFuzz.Session}";
    }
}
