using EventCalls.Host.Composition;
using EventCalls.Host.Configuration;
using EventCalls.Telephony;

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
        Assert.Equal(10, settings.Bus.GatherMs);
        Assert.Equal("Host=127.0.0.1;Database=calls", settings.Store.Postgres);
        Assert.Equal(new Uri("http://127.0.0.1:8080"), settings.HttpListen);
    }

    [Fact]
    public void Without_configuration_it_runs_on_this_machine_alone()
    {
        var settings = Load();

        Assert.True(settings.UsesSampleTrunks);
        Assert.Null(settings.Bus.RabbitMq);
        Assert.Equal(2, settings.Bus.GatherMs);
        Assert.Null(settings.Store.Postgres);
        Assert.Equal(Path.Combine(_folder, "calls.db"), settings.Store.Sqlite);
    }

    [Theory]
    [InlineData("Sip:Lisen:0", "udp:127.0.0.1:0", "did you mean EventCalls:Sip:Listen")]
    [InlineData("Routing:Deadline", "2000", "did you mean EventCalls:Routing:DeadlineMs")]
    [InlineData("Weather", "nice", "leave it out")]
    [InlineData("Bus:GatherMs", "1001", "1000")]
    [InlineData("Bus:HandoffKey", "short", "EventCalls:Bus:HandoffKey is '…'; expected at least 32 characters")]
    [InlineData("Bus:HandoffKeyAccepted", "a second key with thirty-two characters", "EventCalls:Bus:HandoffKey is ''; expected a key")]
    [InlineData("Routing:Concurrency", "0", "1 to 1000")]
    [InlineData("Routing:AskAgainMs", "2000", "expected less than Routing:DeadlineMs, 2000")]
    [InlineData("Sip:Listen:0", "udp:localhost", "udp:ADDRESS:PORT")]
    [InlineData("Trunks:carrier:From:0", "10.0.0.0/99", "192.0.2.0/24")]
    [InlineData("Trunks:pstn:To:0", "not a uri", "sip:")]
    [InlineData("Trunks:pstn:CallerIdIn", "nowhere", "both or from or p-asserted-identity")]
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
    [InlineData("console", "no console yet")]
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
    }

    private void Write(string json) => File.WriteAllText(Path.Combine(_folder, SettingsSource.FileName), json);

    private Settings Load(params string[] assignments) =>
        SettingsSource.Load(CommandLineOverrides.Take([.. assignments.Select(a => $"--EventCalls:{a}")], out _), _folder);
}
