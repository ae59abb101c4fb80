using System.Globalization;
using EventCalls.Interop.Tests.Fixtures;
using EventCalls.Testing;
using EventCalls.Testing.Sip;

namespace EventCalls.Interop.Tests;

/// <summary>TLS with stacks that others wrote: baresip, and OpenSSL's client.</summary>
public class OverTls(OverTls.TlsService service) : IClassFixture<OverTls.TlsService>
{
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(30);

    [Fact]
    [Trait("RFC", "3261 §26.3.1")]
    public async Task A_phone_on_TLS_is_bridged_to_another_one_on_TLS()
    {
        await using var target = await BaresipAgent.StartAsync(transport: "tls", authority: service.Authority, port: service.TargetPort);
        await using var agent = await BaresipAgent.StartAsync(transport: "tls", authority: service.Authority);
        await agent.DialAsync($"sip:bridge_to_agent@127.0.0.1:{service.TlsPort};transport=tls");
        await agent.WaitForAsync("CALL_ESTABLISHED", s_limit);
        await target.WaitForAsync("CALL_ESTABLISHED", s_limit);
        await target.HangUpAsync();
        await agent.WaitForAsync("CALL_CLOSED", s_limit);

        var call = await FirstCallOfAsync(agent);
        Assert.Equal("tls", call.Only("call_started")["transport"]);
        // Both come from 127.0.0.1, and the phone's certificate bears it as a name.
        Assert.Equal("certified", call.Only("call_started")["trunk"]);
        Assert.Equal(["invite answered"], call.Outcomes);
        Assert.Equal(("target", "hung_up"), (call.Ended["endedBy"], call.Ended["cause"]));
    }

    [Fact]
    [Trait("RFC", "5922 §7.4")]
    public async Task A_target_that_is_signed_by_somebody_else_is_not_called()
    {
        using var strange = new TestAuthority(TimeProvider.System);
        await using var target = await BaresipAgent.StartAsync(transport: "tls", authority: strange, port: service.TargetPort);
        await using var agent = await BaresipAgent.StartAsync(transport: "tls", authority: service.Authority);
        await agent.DialAsync($"sip:bridge_to_agent@127.0.0.1:{service.TlsPort};transport=tls");
        await agent.WaitForAsync("CALL_CLOSED", s_limit);

        var call = await FirstCallOfAsync(agent);
        Assert.Equal("invite unreachable", call.Outcomes.First());
        Assert.DoesNotContain(target.Events, e => e.Type == "CALL_INCOMING");
    }

    [Fact]
    [Trait("RFC", "3261 §26.3.1")]
    public async Task OpenSSL_trusts_the_certificate_and_gets_an_answer()
    {
        string request = Path.Combine(Path.GetDirectoryName(service.Authority.AuthorityFile)!, "request.txt");
        await File.WriteAllTextAsync(request, """
            OPTIONS sip:127.0.0.1 SIP/2.0
            Via: SIP/2.0/TLS 127.0.0.1:5999;branch=z9hG4bKopenssl
            Max-Forwards: 70
            From: <sip:probe@127.0.0.1>;tag=1
            To: <sip:127.0.0.1>
            Call-ID: openssl@127.0.0.1
            CSeq: 1 OPTIONS
            Content-Length: 0


            """.ReplaceLineEndings("\r\n"));
        // Its input stays open until the answer has come.
        await using var client = ChildProcess.Start("sh", ["-c", string.Create(
            CultureInfo.InvariantCulture,
            $"{{ cat '{request}'; sleep 20; }} | openssl s_client -connect 127.0.0.1:{service.TlsPort} -CAfile '{service.Authority.AuthorityFile}' -verify_ip 127.0.0.1 -verify_return_error -quiet")]);
        await client.WaitForLineAsync(line => line.StartsWith("SIP/2.0 200 OK", StringComparison.Ordinal), s_limit, CancellationToken.None);
    }

    private Task<CallStream> FirstCallOfAsync(BaresipAgent agent) =>
        service.Process.EndedCallAsync(agent.Events.First(e => e.Direction == "outgoing" && e.CallId.Length > 0).CallId);

    public sealed class TlsService : EmbeddedService
    {
        public TestAuthority Authority { get; } = new(TimeProvider.System);

        public int TlsPort { get; } = FreePorts.Next();

        /// <summary>The target's port; TLS is on the next one.</summary>
        public int TargetPort { get; } = FreePorts.Range(2);

        internal override EventCallsSettings Configure(EventCallsSettings settings) => settings with
        {
            OutboundTransport = "tls",
            TargetPort = TargetPort + 1,
            More = new Dictionary<string, string>
            {
                ["Sip__Listen__2"] = $"tls:127.0.0.1:{TlsPort}",
                ["Sip__Tls__Certificate"] = Authority.MakeRsa("eventcalls", "127.0.0.1"),
                ["Sip__Tls__Authorities"] = Authority.AuthorityFile,
                ["Trunks__certified__TlsNames__0"] = "127.0.0.1",
            },
        };

        public override async Task DisposeAsync()
        {
            await base.DisposeAsync();
            Authority.Dispose();
        }
    }
}
