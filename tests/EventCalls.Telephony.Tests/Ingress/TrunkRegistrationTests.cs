using System.Net;
using EventCalls.Telephony.Checks;
using EventCalls.Telephony.Configuration;
using EventCalls.Telephony.Ingress;
using EventCalls.Telephony.Trunks;
using EventCalls.Testing.Logging;
using EventCalls.Testing.Sip;

namespace EventCalls.Telephony.Tests.Ingress;

/// <summary>A node that registers with its trunks; the registrars are scripted.</summary>
public sealed class TrunkRegistrationTests : EdgeTest
{
    private readonly RecordingLogger _log = new();
    private readonly VirtualHost _registrar;
    private readonly VirtualHost _other;
    private TrunkRegistrations _registrations = null!;
    private string _status = "200 OK";
    private string? _otherStatus = "200 OK";

    public TrunkRegistrationTests()
    {
        Logger = _log;
        _registrar = Registrar("10.0.0.8:5060", () => _status);
        _other = Registrar("10.0.0.9:5060", () => _otherStatus);
    }

    private IReadOnlyList<Sent> Asked => [.. Network.Log.Where(s => s.Kind == "REGISTER")];

    private IReadOnlyList<string> Said => [.. _log.Lines.Where(l => l.Text.Contains("regist", StringComparison.Ordinal)).Select(l => l.Text)];

    [Fact]
    [Trait("RFC", "3261 §10.2")]
    public void What_changes_is_said_once_and_a_refresh_is_not()
    {
        Begin("sip:10.0.0.8");
        Run(300_000);
        Assert.True(Asked.Count > 2);
        Assert.Equal(["The trunk home is registered as sip:alice@example.com at udp:10.0.0.8:5060 until 2026-03-01T12:02:00Z, and is refreshed before"], Said);
        Assert.StartsWith("home is registered at udp:10.0.0.8:5060 until 2026-03-01T12:0", _registrations.Describe(), StringComparison.Ordinal);

        _status = "403 Forbidden";
        Run(600_000);
        Assert.Equal(3, Said.Count);
        Assert.StartsWith("The registration of the trunk home could not be refreshed at udp:10.0.0.8:5060: it answered 403 Forbidden; it lasts until 2026-03-01T12:0", Said[1], StringComparison.Ordinal);
        Assert.Equal("The trunk home is not registered at udp:10.0.0.8:5060: it answered 403 Forbidden; it is tried again, and calls for sip:alice@example.com do not come here", Said[2]);
        Assert.Matches("^home is not registered since 2026-03-01T12:0[5-9]:..Z: it answered 403 Forbidden.$", _registrations.Describe());

        _status = "200 OK";
        Run(1_800_000);
        Assert.Equal(4, Said.Count);
        Assert.StartsWith("The trunk home is registered", Said[^1], StringComparison.Ordinal);
    }

    [Fact]
    [Trait("RFC", "3263 §4.3")]
    public void A_server_that_does_not_answer_or_answers_503_is_followed_by_the_next_one_which_is_stayed_with()
    {
        Hosts["home.example"] = [IPAddress.Parse("10.0.0.8"), IPAddress.Parse("10.0.0.9")];
        _status = "503 Service Unavailable";
        Begin("sip:home.example");
        Assert.Equal("home is registered at udp:10.0.0.9:5060 until 2026-03-01T12:02:00Z.", _registrations.Describe());
        Assert.Single(Said);
        _status = "200 OK";
        Run(600_000);
        Assert.Single(Asked, s => s.To.Equals(_registrar.EndPoint));
        Assert.Single(Said);

        _otherStatus = null;
        Run(110_000);
        Assert.StartsWith("home is registered at udp:10.0.0.8:5060 until", _registrations.Describe(), StringComparison.Ordinal);
        Assert.Equal(2, Said.Count);
        Assert.Contains("at udp:10.0.0.8:5060", Said[1], StringComparison.Ordinal);
        Assert.Empty(_log.Warnings);
    }

    [Fact]
    [Trait("RFC", "3263 §4.3")]
    public void A_refusal_is_not_taken_to_the_next_server()
    {
        Hosts["home.example"] = [IPAddress.Parse("10.0.0.8"), IPAddress.Parse("10.0.0.9")];
        _status = "403 Forbidden";
        Begin("sip:home.example");
        Assert.Single(Asked);
    }

    [Theory]
    [InlineData("503 Service Unavailable", true)]
    [InlineData("500 Server Internal Error", false)]
    public void Only_a_server_that_is_not_there_is_set_back_for_calls(string status, bool isSetBack)
    {
        _status = status;
        Begin("sip:10.0.0.8");
        Assert.Equal(isSetBack, Shard.Servers.States.IsAny);
    }

    [Fact]
    public void A_registrar_that_no_name_server_knows_is_asked_for_again()
    {
        Begin("sip:home.example");
        Assert.Empty(Asked);
        Assert.StartsWith("The trunk home is not registered at sip:home.example: no server was found (", Assert.Single(_log.Warnings, w => w.Contains("home is not", StringComparison.Ordinal)), StringComparison.Ordinal);
        Hosts["home.example"] = [IPAddress.Parse("10.0.0.8")];
        Run(120_000);
        Assert.StartsWith("home is registered at udp:10.0.0.8:5060", _registrations.Describe(), StringComparison.Ordinal);
    }

    [Fact]
    [Trait("RFC", "3261 §10.2.2")]
    public void It_is_taken_back_when_the_node_stops()
    {
        Begin("sip:10.0.0.8");
        Assert.True(_registrations.AreLeft);
        _registrations.Remove();
        Run(100);
        Assert.Equal("0", Asked[^1].Header("Expires"));
        Assert.False(_registrations.AreLeft);
        Assert.Matches("^home is not registered since .*: the node stops.$", _registrations.Describe());
        Run(200_000);
        Assert.Equal(2, Asked.Count);
        Assert.Equal(0, Shard.Agent.Wheel.Count);
    }

    [Fact]
    public void One_that_never_was_registered_is_over_at_once()
    {
        _status = "404 Not Found";
        Begin("sip:10.0.0.8");
        _registrations.Remove();
        Run(1);
        Assert.False(_registrations.AreLeft);
        Assert.Single(Asked);
    }

    [Fact]
    [Trait("RFC", "3261 §10.3")]
    public void The_registrar_calls_in_on_a_trunk_without_networks_and_nobody_else_does_by_naming_our_Contact()
    {
        Hosts["home.example"] = [IPAddress.Parse("10.0.0.8")];
        Begin("sip:home.example");
        Assert.Null(Shard.Trunks.BySource(_registrar.EndPoint.Address));
        Shard.Trunks.Learn(Assert.Single(Shard.Trunks.Queries), Hosts["home.example"]);
        string contact = Asked[0].Header("Contact")!.Trim('<', '>');
        Assert.Equal("sip:alice@10.0.0.1:5060", contact);
        CallFrom(_other, contact);
        Assert.Equal("403", _other.Received[^1].Kind);
        CallFrom(_registrar, contact);
        Assert.Equal(("home", "sip:alice@10.0.0.1:5060"), (Started.Trunk, Started.RequestUri));
    }

    [Fact]
    public void A_trunk_with_networks_is_called_from_these_and_its_registrar_is_a_stranger()
    {
        Begin("sip:10.0.0.8", t => t with { From = ["10.0.0.9"] });
        CallFrom(_registrar, "sip:alice@10.0.0.1");
        Assert.Equal("403", _registrar.Received[^1].Kind);
        CallFrom(_other, "sip:alice@10.0.0.1");
        Assert.Equal("home", Started.Trunk);
    }

    [Theory]
    [InlineData("alice", "home")]
    [InlineData("bob", "second-home")]
    [InlineData("carol", "given")]
    public void Accounts_at_one_registrar_are_told_apart_by_the_Contact_and_whoever_names_the_address_has_the_rest(string user, string trunk)
    {
        Begin(
            "sip:10.0.0.8",
            null,
            new TrunkOptions { Name = "second-home", Register = new RegisterOptions { AddressOfRecord = "sip:bob@example.com", Registrar = "sip:10.0.0.8" } },
            new TrunkOptions { Name = "given", From = ["10.0.0.8"] });
        Assert.Equal(["<sip:alice@example.com>", "<sip:bob@example.com>"], Asked.Select(s => s.Header("To")));
        CallFrom(_registrar, $"sip:{user}@10.0.0.1");
        Assert.Equal(trunk, Started.Trunk);
    }

    [Fact]
    public void Its_registrar_is_the_first_of_To_and_its_user_the_trunks_unless_others_are_named()
    {
        var trunk = new TrunkOptions { Name = "x", To = ["sip:10.0.0.3;transport=tcp", "sip:10.0.0.4"], UserName = "user", Password = "secret", Register = new RegisterOptions { AddressOfRecord = "sips:a@b.example" } };
        var registration = Of(trunk).Registration;
        Assert.Equal(("sip:10.0.0.3;transport=tcp", "user", "secret"), (registration.RegistrarUri, registration.Credentials!.UserName, registration.Credentials.Password));
        registration = Of(trunk with { Register = trunk.Register with { Registrar = "sip:reg.example:5070", UserName = "other", Password = "word" } }).Registration;
        Assert.Equal(("sip:reg.example:5070", "other", "word"), (registration.RegistrarUri, registration.Credentials!.UserName, registration.Credentials.Password));
    }

    [Theory]
    [InlineData("AddressOfRecord", "", "sip:10.0.0.8")]
    [InlineData("AddressOfRecord", "alice@example.com", "sip:10.0.0.8")]
    [InlineData("AddressOfRecord", "sip:example.com", "sip:10.0.0.8")]
    [InlineData("AddressOfRecord", "tel:+15550001111", "sip:10.0.0.8")]
    [InlineData("AddressOfRecord", "sip:alice@example.com;transport=tcp", "sip:10.0.0.8")]
    [InlineData("AddressOfRecord", "sip:alice@example.com?x=y", "sip:10.0.0.8")]
    [InlineData("AddressOfRecord", "sip:a\r\nX: y@example.com", "sip:10.0.0.8")]
    [InlineData("Registrar", "sip:alice@example.com", null)]
    [InlineData("Registrar", "sip:alice@example.com", "10.0.0.8")]
    [InlineData("Password", "sip:alice@example.com", "sip:10.0.0.8", "alice")]
    [InlineData("UserName", "sip:alice@example.com", "sip:10.0.0.8", null, "secret")]
    [InlineData("ExpiresSeconds", "sip:alice@example.com", "sip:10.0.0.8", null, null, 9)]
    [InlineData("ExpiresSeconds", "sip:alice@example.com", "sip:10.0.0.8", null, null, 604_801)]
    public void What_cannot_be_registered_is_said_by_its_key(string key, string addressOfRecord, string? registrar, string? user = null, string? password = null, int expires = 3_600) =>
        Assert.Equal($"Trunks:x:Register:{key}", Assert.Throws<TelephonyOptionsException>(() => new TrunkTable(
            [new TrunkOptions { Name = "x", From = ["10.0.0.8"], Register = new RegisterOptions { AddressOfRecord = addressOfRecord, Registrar = registrar, UserName = user, Password = password, ExpiresSeconds = expires } }])).Key);

    [Fact]
    public void A_registrar_over_TLS_needs_an_end_point_of_TLS()
    {
        var options = Options with { Trunks = [new TrunkOptions { Name = "x", Register = new RegisterOptions { AddressOfRecord = "sip:alice@example.com", Registrar = "sips:10.0.0.8" } }] };
        Assert.Equal(["Trunks:x:Register:Registrar"], TelephonyProblems.Of(options).Select(p => p.Key));
    }

    [Fact]
    public async Task The_doctor_says_where_a_trunk_is_registered_and_that_calls_come_from_there()
    {
        var options = Options with { Trunks = [new TrunkOptions { Name = "x", Register = new RegisterOptions { AddressOfRecord = "sip:alice@example.com", Registrar = "sip:10.0.0.8" } }] };
        var findings = await TrunkCheck.RunAsync(options, areSamples: false, TimeProvider.System, CancellationToken.None);
        Assert.Equal(
            ["No trunk has To: calls cannot be bridged to numbers, only referred or to whole URIs.", "x: takes calls from its registrar's servers.", "x: sip:alice@example.com is registered at sip:10.0.0.8."],
            findings.Select(f => f.Message));
    }

    private static TrunkRegistrar Of(TrunkOptions trunk) => Assert.Single(new TrunkTable([trunk]).Registering).Registrar!;

    private void Begin(string registrar, Func<TrunkOptions, TrunkOptions>? change = null, params TrunkOptions[] more)
    {
        var home = new TrunkOptions { Name = "home", Register = new RegisterOptions { AddressOfRecord = "sip:alice@example.com", Registrar = registrar } };
        Options = Options with { Trunks = [.. Options.Trunks, change is null ? home : change(home), .. more] };
        _registrations = new TrunkRegistrations(Shard);
        _registrations.Start();
        Run(100);
    }

    private VirtualHost Registrar(string endPoint, Func<string?> status)
    {
        var host = Network.AddHost(endPoint);
        host.OnReceived = s =>
        {
            if (s.Kind == "REGISTER" && status() is { } said)
            {
                host.Send(NodeHost, $"""
                    SIP/2.0 {said}
                    Via: {s.Header("Via")}
                    From: {s.Header("From")}
                    To: {s.Header("To")};tag=reg
                    Call-ID: {s.Header("Call-ID")}
                    CSeq: {s.Header("CSeq")}
                    Contact: {s.Header("Contact")};expires=120
                    """);
            }
        };
        return host;
    }

    private void CallFrom(VirtualHost host, string uri)
    {
        host.Send(NodeHost, $"""
            INVITE {uri} SIP/2.0
            Via: SIP/2.0/UDP {host.EndPoint};branch=z9hG4bK{Network.Log.Count}
            Max-Forwards: 70
            From: <sip:caller@example.com>;tag=c{Network.Log.Count}
            To: <sip:alice@example.com>
            Call-ID: {Network.Log.Count}@{host.EndPoint.Address}
            CSeq: 1 INVITE
            Contact: <sip:{host.EndPoint}>
            """);
        Run(50);
    }
}
