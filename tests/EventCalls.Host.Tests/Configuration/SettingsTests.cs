using System.Text.RegularExpressions;
using EventCalls.Host.Configuration;
using EventCalls.Host.Tests.Architecture;
using EventCalls.Routing.Decisions;
using EventCalls.Telephony.Configuration;
using EventCalls.Telephony.Ingress;
using EventCalls.Testing.Sip;

namespace EventCalls.Host.Tests.Configuration;

public sealed class SettingsTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("eventcalls-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void The_documented_example_is_understood()
    {
        Write("""
            { "EventCalls": {
              "Node": "edge-1",
              "Sip":   { "Listen": ["udp:127.0.0.1:5060", "tcp:127.0.0.1:5060"] },
              "Trunks": {
                "carrier": { "From": ["127.0.0.0/8"] },                                   // who may call in
                "pstn":    { "To": ["sip:127.0.0.1:5080;transport=udp"] } },              // an outbound endpoint
              "Routing": { "Logic": "routing", "DeadlineMs": 2000, "Default": { "reject": { "status": 486 } } },
              "Calls":   { "Answer": "immediately" },
              "Bus":     { "RabbitMq": "amqp://guest:guest@127.0.0.1:5672" },
              "Store":   { "Postgres": "Host=127.0.0.1;Database=calls" },
              "Http":    { "Listen": "http://127.0.0.1:8080" } } }
            """);

        var settings = Load();

        Assert.Equal("edge-1", settings.Telephony.Node);
        Assert.Equal(["udp:127.0.0.1:5060", "tcp:127.0.0.1:5060"], settings.Telephony.Listen);
        Assert.Equal(["carrier", "pstn"], settings.Telephony.Trunks.Select(t => t.Name).Order());
        Assert.Equal(Path.Combine(_folder, "routing"), settings.Router.LogicPath);
        Assert.Equal(486, Assert.Single(settings.Telephony.DefaultSteps).Status);
        Assert.Equal(AnswerMode.Immediately, settings.Telephony.Answer);
        Assert.Equal(5672, settings.Bus.RabbitMq!.Port);
        Assert.Equal(5, settings.Bus.GatherMs);
        Assert.Equal("Host=127.0.0.1;Database=calls", settings.Store.Postgres);
        Assert.Equal(new Uri("http://127.0.0.1:8080"), settings.Http.Listen);
    }

    [Fact]
    public void Without_configuration_it_runs_on_this_machine_alone()
    {
        var settings = Load();

        Assert.True(settings.UsesSampleTrunks);
        Assert.Null(settings.Bus.RabbitMq);
        Assert.Equal(0, settings.Bus.GatherMs);
        Assert.Null(settings.Store.Postgres);
        Assert.Equal(Path.Combine(_folder, "calls.db"), settings.Store.Sqlite);
    }

    [Fact]
    public void Destinations_are_read_by_their_names_and_logic_can_ask_for_them()
    {
        Write("""
            { "EventCalls": {
              "Trunks": { "pstn": { "To": ["sip:127.0.0.1:5080"] } },
              "Routing": { "Speech": "ignore" },
              "Handoffs": {
                "support": { "Description": "People", "Reason": "asked", "ContextHeader": "X-Handoff-Id", "Default": true,
                             "Invite": { "PhoneNumber": "2222", "OutboundEndpoint": "pstn", "RingTimeout": 20, "Media": "anchor", "Record": true }, "Headers": { "X-Customer-ID": "$customer.id", "X-Twice": ["a", "b"] } },
                "reception": { "Refer": { "ReferTo": "sip:reception@example.com" } },
                "back": { "Bye": {} },
                "elsewhere": { "Redirect": { "Contacts": ["sip:a@example.com", "sip:b@example.com"] } },
                "busy": { "Reject": { "Status": 486 } } } } }
            """);

        var settings = Load();

        Assert.Equal(SpeechUse.Ignore, settings.Router.Speech);
        var all = settings.Router.Handoffs.All.ToDictionary(d => d.Name);
        Assert.Equal(["back", "busy", "elsewhere", "reception", "support"], all.Keys.Order());
        var support = all["support"];
        Assert.Equal(("People", "asked", "X-Handoff-Id", true), (support.Description, support.Reason, support.ContextHeader, support.IsDefault));
        Assert.Equal(("2222", "pstn", 20), (support.Step.PhoneNumber, support.Step.OutboundEndpoint, support.Step.RingTimeoutSeconds));
        Assert.Equal(("anchor", true), (support.Step.Media, support.Step.Record));
        Assert.Equal(["X-Customer-ID: $customer.id", "X-Twice: a", "X-Twice: b"], support.Step.SipHeaders.Select(h => $"{h.Name}: {h.Value}"));
        Assert.Equal(2, all["elsewhere"].Step.Contacts!.Count);
        Assert.Equal(486, all["busy"].Step.Status);
        Assert.True(settings.Lookups.TryFind("handoff:reception", "", out _));
    }

    [Theory]
    [InlineData("Handoffs:a:Invite:PhoneNumber", "1", "EventCalls:Handoffs: none of a is the default; set Default to true at one.")]
    [InlineData("Handoffs:a:Description", "People", "EventCalls:Handoffs:a has no method; give exactly one of Invite, Refer, Bye, Redirect, Reject")]
    [InlineData("Handoffs:a:Invite:Number", "1", "EventCalls:Handoffs:a:invite.Number: is not known; invite has phone_number")]
    [InlineData("Handoffs:a:Invite:Record", "perhaps", "EventCalls:Handoffs:a:invite.record: must be true or false; it is the text 'perhaps'")]
    [InlineData("Handoffs:a:Reasn", "asked", "did you mean EventCalls:Handoffs:a:Reason?")]
    [InlineData("Handoffs:a:Default", "perhaps", "EventCalls:Handoffs:a:Default is 'perhaps'; expected true or false")]
    [InlineData("Routing:Speech", "say", "EventCalls:Routing:Speech is 'say'; expected refuse or ignore")]
    public void A_destination_that_cannot_be_used_stops_the_start(string key, string value, string expected)
    {
        var e = Assert.Throws<SettingsException>(() => Load($"{key}={value}"));

        Assert.Contains(e.Errors, error => error.Contains(expected, StringComparison.Ordinal));
    }

    [Fact]
    public void Webhooks_are_read_with_their_defaults()
    {
        Write("""
            { "EventCalls": { "Webhooks": {
                "crm": { "Url": "https://crm.example.com/calls", "Secret": "a secret of some length, for tests" },
                "ops": { "Url": "http://127.0.0.1:9/", "Secret": "whsec_MDEyMzQ1Njc4OWFiY2RlZg==", "Events": ["node_lost"], "TimeoutSeconds": 5, "GiveUpAfterHours": 1, "Parallel": 1 } } } }
            """);

        var webhooks = Load().Webhooks;

        Assert.Equal(["crm", "ops"], webhooks.Select(w => w.Name));
        Assert.Equal(["call_ended", "transfer_completed", "transfer_failed", "node_lost"], webhooks[0].Events);
        Assert.Equal((TimeSpan.FromSeconds(15), TimeSpan.FromDays(3), 4), (webhooks[0].Timeout, webhooks[0].GiveUpAfter, webhooks[0].Parallel));
        Assert.Equal(["node_lost"], webhooks[1].Events);
        Assert.Equal((TimeSpan.FromSeconds(5), TimeSpan.FromHours(1), 1), (webhooks[1].Timeout, webhooks[1].GiveUpAfter, webhooks[1].Parallel));
        Assert.Equal("0123456789abcdef", System.Text.Encoding.UTF8.GetString(EventCalls.Store.Notifying.WebhookOptions.KeyOf(webhooks[1].Secret)!));
    }

    [Theory]
    [InlineData("Url", "", "EventCalls:Webhooks:crm:Url cannot be used; expected an address such as https://")]
    [InlineData("Url", "crm.example.com/Zq81", "EventCalls:Webhooks:crm:Url cannot be used;")]
    [InlineData("Url", "ftp://crm.example.com/Zq81", "EventCalls:Webhooks:crm:Url cannot be used;")]
    [InlineData("Url", "https://user:Zq81@crm.example.com/", "without user and password")]
    [InlineData("Secret", "", "EventCalls:Webhooks:crm:Secret cannot be used; expected at least 24 characters")]
    [InlineData("Secret", "Zq81", "EventCalls:Webhooks:crm:Secret cannot be used;")]
    [InlineData("Secret", "whsec_Zq81!!!!!!!!!!!!!!!!!!!", "EventCalls:Webhooks:crm:Secret cannot be used;")]
    [InlineData("Events:0", "call_endet", "EventCalls:Webhooks:crm:Events cannot be used; 'call_endet' is none; did you mean call_ended?")]
    [InlineData("TimeoutSeconds", "0", "EventCalls:Webhooks:crm:TimeoutSeconds is '0'; expected a whole number from 1 to 600")]
    [InlineData("Secrett", "Zq81", "did you mean EventCalls:Webhooks:crm:Secret?")]
    public void A_webhook_that_cannot_be_used_stops_the_start_and_its_secret_is_not_said(string key, string value, string expected)
    {
        string[] given = ["Webhooks:crm:Url=https://crm.example.com/", "Webhooks:crm:Secret=a secret of some length, for tests", $"Webhooks:crm:{key}={value}"];
        var e = Assert.Throws<SettingsException>(() => Load(given));

        Assert.Contains(e.Errors, error => error.Contains(expected, StringComparison.Ordinal));
        Assert.DoesNotContain(e.Errors, error => error.Contains("Zq81", StringComparison.Ordinal) || error.Contains("a secret of", StringComparison.Ordinal));
    }

    [Fact]
    public void Sources_to_fetch_from_are_read_with_their_defaults_and_logic_knows_their_names()
    {
        var settings = Load(
            "Routing:Sources:crm:Url=https://crm.example.com/customers/{key}", "Routing:Sources:crm:Headers:X-Token=Zq81", "Routing:Sources:crm:Members=tier, agent",
            "Routing:Sources:desk:Url=http://127.0.0.1:9/desk", "Routing:Sources:desk:Method=post", "Routing:Sources:desk:CacheSeconds=0");

        var crm = settings.Router.Sources[0];
        Assert.Equal(("crm", false, 500, 60, 16_384, 5, 10), (crm.Name, crm.Posts, crm.Timeout.TotalMilliseconds, crm.Cache.TotalSeconds, crm.MaxBytes, crm.BreakerFailures, crm.BreakerPause.TotalSeconds));
        Assert.Equal(["tier", "agent"], crm.Members);
        Assert.Equal("Zq81", crm.Headers["X-Token"]);
        Assert.Equal(("desk", true, TimeSpan.Zero), (settings.Router.Sources[1].Name, settings.Router.Sources[1].Posts, settings.Router.Sources[1].Cache));
        Assert.Equal(512, settings.Router.EffectiveConcurrency);
        // Known, and not asked: only a router fetches.
        Assert.False(settings.Lookups.TryFind("fetch:crm", "k", out _) || settings.Lookups.Refuses("fetch:crm", "k") || settings.Lookups.Awaits("fetch:crm", "k"));
        Assert.True(settings.Lookups.Refuses("fetch:erp", "k"));
    }

    [Theory]
    [InlineData("Url", "https://{key}.example.com/Zq81", "EventCalls:Routing:Sources:crm:Url cannot be used; {key} must stand in the path or the query")]
    [InlineData("Url", "https://crm.example.com/Zq81", "EventCalls:Routing:Sources:crm:Url cannot be used; {key} is missing")]
    [InlineData("Headers:X-Token", "Zq81\r\nX-Other: 1", "EventCalls:Routing:Sources:crm:Headers:X-Token cannot be used;")]
    [InlineData("MaxBytes", "1000000", "EventCalls:Routing:Sources:crm:MaxBytes is '1000000'; expected a whole number from 100 to 65536")]
    [InlineData("Header:X-Token", "Zq81", "is not a key of this program (its value is '…')")]
    public void A_source_that_cannot_be_used_stops_the_start_and_its_secrets_are_not_said(string key, string value, string expected)
    {
        var e = Assert.Throws<SettingsException>(() => Load("Routing:Sources:crm:Url=https://crm.example.com/{key}", $"Routing:Sources:crm:{key}={value}"));

        Assert.Contains(e.Errors, error => error.Contains(expected, StringComparison.Ordinal));
        Assert.DoesNotContain(e.Errors, error => error.Contains("Zq81", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("Sip:Lisen:0", "udp:127.0.0.1:0", "did you mean EventCalls:Sip:Listen")]
    [InlineData("Routing:Deadline", "2000", "did you mean EventCalls:Routing:DeadlineMs")]
    [InlineData("Weather", "nice", "leave it out")]
    [InlineData("Bus:GatherMs", "1001", "1000")]
    [InlineData("Bus:HandoffKey", "short", "EventCalls:Bus:HandoffKey is '…'; expected at least 32 characters")]
    [InlineData("Bus:HandoffKeyAccepted", "a second key with thirty-two characters", "Bus:HandoffKey is missing; give it too")]
    [InlineData("Routing:Concurrency", "0", "1 to 1000")]
    [InlineData("Routing:AskAgainMs", "2000", "expected less than Routing:DeadlineMs, 2000")]
    [InlineData("Sip:Listen:0", "udp:localhost", "udp:ADDRESS:PORT")]
    [InlineData("Trunks:carrier:From:0", "10.0.0.0/99", "192.0.2.0/24")]
    [InlineData("Trunks:pstn:To:0", "not a uri", "sip:")]
    [InlineData("Trunks:pstn:CallerIdIn", "nowhere", "both or from or p-asserted-identity")]
    [InlineData("Trunks:pstn:SessionTimer", "60", "90 to 86400")]
    [InlineData("Trunks:pstn:SessionTimer", "sometimes", "90 to 86400")]
    [InlineData("Trunks:pstn:Reliable", "maybe", "off or supported or required")]
    [InlineData("Trunks:pstn:FollowRedirects", "11", "0 to 10")]
    [InlineData("Routing:DeadlineMs", "soon", "a whole number from 1 to 600000")]
    [InlineData("Routing:DeadlineMs", "0", "a whole number from 1 to 600000")]
    [InlineData("Routing:Default:reject:status", "200", "status")]
    [InlineData("Routing:Webhook:Url", "example.com", "http")]
    [InlineData("Calls:Answer", "maybe", "on-handoff or immediately")]
    [InlineData("Bus:RabbitMq", "localhost:5672", "amqp://")]
    [InlineData("Store:Postgres", "what", "Host=")]
    [InlineData("Http:Listen", "8080", "http://127.0.0.1:8080")]
    [InlineData("Node", "a b", "letters, digits")]
    [InlineData("Node", "edge.*", "letters, digits")]
    public void A_wrong_key_or_value_is_named_with_what_would_be_right(string key, string value, string advice)
    {
        var error = Assert.Throws<SettingsException>(() => Load(
            ["Trunks:carrier:From:0=127.0.0.0/8", "Trunks:pstn:To:0=sip:127.0.0.1:5080", $"{key}={value}"]));

        var line = Assert.Single(error.Errors);
        Assert.StartsWith($"EventCalls:{(key.StartsWith("Routing:Default", StringComparison.Ordinal) ? "Routing:Default" : key)}", line, StringComparison.Ordinal);
        Assert.Contains(advice, line, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("off", 0)]
    [InlineData("1800", 1_800)]
    public void A_session_timer_is_off_or_an_interval(string text, int seconds) =>
        Assert.Equal(seconds, Load(["Trunks:pstn:To:0=sip:192.0.2.1", $"Trunks:pstn:SessionTimer={text}"]).Telephony.Trunks.Single().SessionTimer);

    [Fact]
    public void All_that_is_wrong_is_said_at_once()
    {
        var error = Assert.Throws<SettingsException>(() => Load(
        [
            "Node=a b", "Sip:Listen:0=nowhere", "Trunks:a:From:0=10.0.0.0/99", "Trunks:b:To:0=mailto:x", "Calls:Max=none", "Colour=blue",
        ]));

        // The node's name hides the listen point: both belong to the check of the same part.
        foreach (var key in new[] { "Node", "Trunks:a:From:0", "Trunks:b:To:0", "Calls:Max", "Colour" })
            Assert.Contains(error.Errors, e => e.StartsWith($"EventCalls:{key} ", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("Store:Postgress", "Host=x;Password=geheim")]
    [InlineData("Bus:RabbitMqq", "amqp://user:geheim@host")]
    [InlineData("Bus:RabbitMq", "http://user:geheim@host")]
    [InlineData("Store:Postgres", "Password=geheim;Nonsense=1")]
    public void A_secret_is_not_repeated(string key, string value)
    {
        var error = Assert.Throws<SettingsException>(() => Load([$"{key}={value}"]));

        Assert.DoesNotContain("geheim", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_list_of_the_command_line_takes_the_place_of_a_longer_one_in_the_file()
    {
        Write("""{ "EventCalls": { "Sip": { "Listen": ["udp:127.0.0.1:5060", "tcp:127.0.0.1:5060"] } } }""");

        Assert.Equal(["udp:127.0.0.1:5070"], Load(["Sip:Listen:0=udp:127.0.0.1:5070"]).Telephony.Listen);
    }

    [Fact]
    public void Of_a_key_that_is_given_twice_the_later_one_wins() =>
        Assert.Equal("b", Load(["Node=a", "node=b"]).Telephony.Node);

    [Theory]
    [InlineData("""{ "Sip": { "Listen": ["udp:127.0.0.1:0"] } }""", "Sip:Listen:0 stands outside the section EventCalls", "write it as EventCalls:Sip:Listen:0")]
    [InlineData("""{ "EventCalls": { "Node": "a" }, "Node": "b" }""", "Node stands outside the section EventCalls", "write it as EventCalls:Node")]
    [InlineData("""{ "EventCall": { "Node": "a" } }""", "EventCall is not a section", "did you mean EventCalls?")]
    [InlineData("""{ "Logging": { "LogLevel": { "Default": "Debug" } } }""", "Logging:LogLevel:Default stands outside", "EventCalls:Log:Level")]
    [InlineData("""{ "AllowedHosts": "*" }""", "AllowedHosts stands outside", "leave it out")]
    public void A_key_of_the_file_outside_the_section_is_named_with_its_right_place(string json, string what, string advice)
    {
        Write(json);

        var line = Assert.Single(Assert.Throws<SettingsException>(() => Load()).Errors);

        Assert.StartsWith(Path.Combine(_folder, "appsettings.json"), line, StringComparison.Ordinal);
        Assert.Contains(what, line, StringComparison.Ordinal);
        Assert.Contains(advice, line, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Store__Postgres", "EventCalls__Store__Postgres")]
    [InlineData("EventCalls_Store_Postgres", "EventCalls__Store__Postgres")]
    [InlineData("EVENTCALLS_NODE", "EventCalls__NODE")]
    public void A_variable_that_misses_the_section_or_an_underscore_is_named(string variable, string right)
    {
        var errors = new List<string>();
        new OutsideKeys("appsettings.json", [], ["PATH", variable]).Report(errors);

        Assert.Equal($"the environment variable {variable} is not read; write it as {right}", Assert.Single(errors));
    }

    [Fact]
    public void Variables_of_others_are_left_alone()
    {
        var errors = new List<string>();
        // What an orchestrator sets for a service called eventcalls, what the tests are told by, and another program's sections.
        new OutsideKeys("appsettings.json", ["$schema"], ["EVENTCALLS_SERVICE_HOST", "EVENTCALLS_PORT_5060_UDP_ADDR", "EVENTCALLS_TEST_RABBITMQ", "Logging__LogLevel__Default", "NODE", "EventCalls__Node"]).Report(errors);

        Assert.Empty(errors);
    }

    [Theory]
    [InlineData("Bus:RabbitMq", "amqp://user:ge@heim@host:5672")]
    [InlineData("Bus:RabbitMq", "amqp://user:ge#heim@host:5672")]
    [InlineData("Bus:RabbitMq", "amqp://user:ge/heim@host:5672")]
    [InlineData("Bus:RabbitMq", "amqp://user:ge?heim@host:5672")]
    [InlineData("Bus:RabbitMq", "amqp://user:ge:heim@host:5672")]
    [InlineData("Bus:RabbitMq", "amqp://user:100%heim@host:5672")]
    [InlineData("Routing:Webhook:Url", "http://user:ge/heim@host/decide")]
    public void A_password_that_is_not_escaped_is_an_error_that_says_how_and_does_not_repeat_it(string key, string value)
    {
        var line = Assert.Single(Assert.Throws<SettingsException>(() => Load([$"{key}={value}"])).Errors);

        Assert.StartsWith($"EventCalls:{key} ", line, StringComparison.Ordinal);
        Assert.Contains("@ as %40", line, StringComparison.Ordinal);
        Assert.DoesNotContain("heim", line, StringComparison.Ordinal);
    }

    [Fact]
    public void A_password_that_is_escaped_is_taken() =>
        Assert.Equal("user:p%40ss%2Fw%23rd", Load(["Bus:RabbitMq=amqp://user:p%40ss%2Fw%23rd@host:5672"]).Bus.RabbitMq!.UserInfo);

    [Theory]
    [InlineData("Host=x;Password=ge;heim=1")]
    [InlineData("Host=x;Password=ge;heim")]
    [InlineData("postgres://calls:geheim@host/calls")]
    [InlineData("Hots=x;Password=geheim")]
    public void A_connection_string_that_a_password_breaks_is_an_error_that_does_not_repeat_it(string value)
    {
        var line = Assert.Single(Assert.Throws<SettingsException>(() => Load([$"Store:Postgres={value}"])).Errors);

        Assert.Contains("Host=127.0.0.1", line, StringComparison.Ordinal);
        Assert.DoesNotContain("heim", line, StringComparison.Ordinal);
    }

    [Fact]
    public void An_index_of_headers_needs_PostgreSQL()
    {
        var line = Assert.Single(Assert.Throws<SettingsException>(() => Load("Store:HeaderIndex=true")).Errors);

        Assert.Equal("EventCalls:Store:HeaderIndex is 'true'; SQLite has no index of headers; set Store:Postgres, or leave it out", line.TrimEnd('.'));
        Assert.True(Load("Store:HeaderIndex=true", "Store:Postgres=Host=127.0.0.1").Store.HeaderIndex);
    }

    [Fact]
    public void The_sample_file_is_understood_and_holds_documented_keys()
    {
        File.Copy(Path.Combine(Repository.Root, "docs/examples/appsettings.json"), Path.Combine(_folder, SettingsSource.FileName));

        var settings = Load();

        Assert.Equal("edge-1", settings.Telephony.Node);
        Assert.Equal(Path.Combine(_folder, "logic"), settings.Router.LogicPath);
    }

    [Fact]
    public void Every_recipe_for_a_trunk_is_a_configuration_that_is_taken()
    {
        using var authority = new TestAuthority(TimeProvider.System);
        string certificate = authority.Make("sip", "sip.example.com");
        var recipes = Regex.Matches(Repository.Read("docs/trunks.md"), @"^```jsonc\n(?<json>.*?)^```$", RegexOptions.Multiline | RegexOptions.Singleline);

        Assert.Equal(10, recipes.Count);
        Assert.All(recipes, recipe =>
        {
            Write(recipe.Groups["json"].Value.Replace("/etc/eventcalls/sip.pem", certificate, StringComparison.Ordinal));
            IngressService.Check(Load().Telephony);
        });
    }

    [Fact]
    public void Every_key_is_documented_and_the_page_is_made_of_the_keys()
    {
        var keys = SettingsReading.Keys();

        Assert.All(keys, key => Assert.True(key.Says.Length > 0, $"{key.Path}: the property it sets has no doc comment."));
        Assert.Equal(keys.Count, keys.Select(k => k.Path).Distinct().Count());
        // When this fails: dotnet run --project src/EventCalls.Host -- config --markdown > docs/configuration.md
        Assert.Equal(ConfigurationPage.Of(keys), Repository.Read("docs/configuration.md"));
    }

    [Fact]
    public void No_key_is_read_that_is_not_documented()
    {
        var documented = SettingsReading.Keys().Select(k => k.Path).ToList();
        var named = Regex.Matches(Repository.Read("src/EventCalls.Host/Configuration/SettingsReading.cs") + Repository.Read("src/EventCalls.Host/Configuration/SettingsReading.Sip.cs"), @"\$?""(?<key>[A-Z]\w*(:[\w{}]+)+)""").Select(m => m.Groups["key"].Value.Replace("{name}", "NAME").Replace("{n}", "NAME").Replace("{u}", "USER"));

        Assert.Empty(named.Where(key => !key.StartsWith("Store:Postgres", StringComparison.Ordinal) && key is not ("Routing:Lookups" or "Trunks:NAME:Digest:Users")).Except(documented));
    }

    [Fact]
    public void A_router_does_not_start_without_logic_or_with_a_folder_that_is_not_there()
    {
        string Problem(params string[] assignments) => Assert.Single(RoleSettings.Problems(Load(assignments), new HashSet<Role> { Role.Router }));

        Assert.StartsWith("EventCalls:Routing:Logic is not set; ", Problem(), StringComparison.Ordinal);
        Assert.StartsWith($"EventCalls:Routing:Logic is '{_folder}/missing'; there is no such folder", Problem("Routing:Logic=missing"), StringComparison.Ordinal);
        Directory.CreateDirectory(Path.Combine(_folder, "empty"));
        Assert.Contains("no routing logic in it", Problem("Routing:Logic=empty"), StringComparison.Ordinal);
        Assert.Empty(RoleSettings.Problems(Load("Routing:Webhook:Url=http://127.0.0.1/decide"), new HashSet<Role> { Role.Router }));
        Assert.Empty(RoleSettings.Problems(Load(), new HashSet<Role> { Role.Ingress, Role.Recorder }));
    }

    [Theory]
    [InlineData(".", "that is a folder; name a file")]
    [InlineData("missing/calls.db", "there is no folder")]
    [InlineData("taken/calls.db", "is a file and no folder")]
    public void A_recorder_does_not_start_with_a_store_that_cannot_be_written(string file, string why)
    {
        File.WriteAllText(Path.Combine(_folder, "taken"), "");

        var problem = Assert.Single(RoleSettings.Problems(Load($"Store:Sqlite={file}"), new HashSet<Role> { Role.Recorder }));

        Assert.StartsWith("EventCalls:Store:Sqlite is '", problem, StringComparison.Ordinal);
        Assert.Contains(why, problem, StringComparison.Ordinal);
        Assert.False(File.Exists(Path.Combine(_folder, "calls.db")));
    }

    [Fact]
    public void A_file_that_is_no_JSON_is_named()
    {
        Write("{ \"EventCalls\": ");

        var error = Assert.Throws<SettingsException>(() => Load());

        Assert.Contains("appsettings.json", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_that_was_named_and_is_not_there_is_an_error()
    {
        var error = Assert.Throws<SettingsException>(() => SettingsSource.Load(CommandLineOverrides.Take(["--config", "missing.json"], out _), _folder));

        Assert.Contains("missing.json", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("ingress", "EventCalls:Bus:RabbitMq")]
    [InlineData("ingress,singer", "'singer' is no role")]
    [InlineData("console", "EventCalls:Http:Listen")]
    public void Roles_that_cannot_be_are_refused(string roles, string reason)
    {
        var error = Assert.Throws<SettingsException>(() => Roles.Parse(roles, Load()));

        Assert.Contains(reason, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void With_a_broker_the_roles_may_be_split()
    {
        var settings = Load(["Bus:RabbitMq=amqp://127.0.0.1"]);

        Assert.Equal([Role.Ingress, Role.Router], Roles.Parse("router, ingress", settings).Order());
        Assert.Equal(Roles.All, Roles.Parse(null, settings));
        Assert.Equal([Role.Console], Roles.Parse("console", Load("Bus:RabbitMq=amqp://127.0.0.1", "Http:Listen=http://127.0.0.1:8080")));
    }

    [Fact]
    public void Without_a_broker_only_the_console_may_be_left_out()
    {
        Assert.Equal([Role.Ingress, Role.Router, Role.Recorder], Roles.Parse("ingress,router,recorder", Load()).Order());
        Assert.Throws<SettingsException>(() => Roles.Parse("ingress,router,console", Load("Http:Listen=http://127.0.0.1:8080")));
    }

    private void Write(string json) => File.WriteAllText(Path.Combine(_folder, SettingsSource.FileName), json);

    private Settings Load(params string[] assignments) =>
        SettingsSource.Load(CommandLineOverrides.Take([.. assignments.Select(a => $"--EventCalls:{a}")], out _), _folder);
}
