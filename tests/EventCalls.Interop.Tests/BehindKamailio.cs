using EventCalls.Interop.Tests.Fixtures;
using EventCalls.Testing;
using EventCalls.Testing.Sip;

namespace EventCalls.Interop.Tests;

/// <summary>Kamailio in front, as docs/trunks.md has it: it stays in the dialog by Record-Route, over one transport or from one to another.</summary>
public class BehindKamailio(BehindKamailio.Service service) : IClassFixture<BehindKamailio.Service>
{
    private static int s_calls;

    public static TheoryData<string, string, string, string?, string, string> Calls
    {
        get
        {
            var calls = new TheoryData<string, string, string, string?, string, string>();
            foreach (string transport in (string[])["udp", "tcp", "tls"])
            {
                calls.Add(transport, "call-answered", "bridge", "target-answers", "invite answered", "hung_up");
                calls.Add(transport, "call-answered-peer-hangs-up", "bridge", "target-answers-then-hangs-up", "invite answered", "hung_up");
                calls.Add(transport, "call-rejected-486", "bridge", "target-busy", "invite busy", "rejected");
                calls.Add(transport, "call-cancelled", "bridge", "target-does-not-answer", "invite caller_hung_up", "cancelled");
                calls.Add(transport, "call-answered-peer-hangs-up", "give_back", null, "bye accepted", "given_back");
            }
            return calls;
        }
    }

    [Theory]
    [MemberData(nameof(Calls))]
    [Trait("RFC", "3261 §12.2.1.1")]
    public async Task A_call_that_a_proxy_passed_on_goes_its_way_back_through_it(string transport, string caller, string flow, string? target, string outcome, string cause)
    {
        await using var proxy = await KamailioProxy.StartAsync(
            transport == "tls" ? service.TlsPort : service.Settings.SipPort, transport, user: null, transport == "tls" ? service.ProxysCertificate : null);
        await using var answering = target is null ? null : await service.TargetAsync(target);
        string prefix = $"kamailio-{Interlocked.Increment(ref s_calls)}";
        var result = await SippRun.RunAsync(new SippOptions
        {
            Scenario = Scenarios.File(caller),
            Remote = $"127.0.0.1:{proxy.Port}",
            Dial = flow,
            PauseMs = 100,
            ReceiveTimeoutMs = 20_000,
            CallIdPrefix = prefix,
        });
        Assert.True(result.Succeeded, $"{result}\n{answering?.Describe()}\n{proxy.Describe()}\n{service.Process.Describe()}");

        var call = await service.Process.EndedCallAsync($"{prefix}-1@127.0.0.1");
        Assert.Equal(transport, call.Only("call_started")["transport"]);
        Assert.Equal(outcome, call.Outcomes.First());
        Assert.Equal(cause, call.Ended["cause"]);
    }

    public sealed class Service : EmbeddedService
    {
        private readonly TestAuthority _authority = new(TimeProvider.System);

        public int TlsPort { get; } = FreePorts.Next();

        public string ProxysCertificate => _authority.MakeRsa("kamailio", "127.0.0.1");

        internal override EventCallsSettings Configure(EventCallsSettings settings) => settings with
        {
            More = new Dictionary<string, string>
            {
                ["Sip__Listen__2"] = $"tls:127.0.0.1:{TlsPort}",
                ["Sip__Tls__Certificate"] = _authority.MakeRsa("eventcalls", "127.0.0.1"),
                ["Sip__Tls__Authorities"] = _authority.AuthorityFile,
            },
        };

        public override async Task DisposeAsync()
        {
            await base.DisposeAsync();
            _authority.Dispose();
        }
    }
}
