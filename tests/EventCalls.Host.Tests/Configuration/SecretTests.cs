using EventCalls.Host.Commands;
using EventCalls.Host.Configuration;
using EventCalls.Host.Tests.Commands;

namespace EventCalls.Host.Tests.Configuration;

public class SecretTests
{
    [Theory]
    [InlineData("Trunks:x:Digest:Users:alice", "{MD5}secret")]
    [InlineData("Trunks:x:Digest:User:alice", "secret")]
    [InlineData("Trunks:x:Tokn", "secret")]
    [InlineData("Bus:RabbitMq", "amqp:guest:secret")]
    [InlineData("Bus:RabbitMq", "amqp:/guest:secret@host")]
    [InlineData("Bus:RabbitMq", "amqp:guest:secret@127.0.0.1:5672")]
    [InlineData("Bus:RabbitMq", "guest:secret")]
    [InlineData("Bus:RabbitMq", "guest:secret@host")]
    [InlineData("Bus:RabbitMq", "redis://guest:secret@host:1")]
    [InlineData("Bus:RabbitMq", "amqp://guest:se cret@host")]
    [InlineData("Bus:RabitMq", "amqp:guest:secret")]
    [InlineData("Bus:RabitMq", "amqp://guest:secret@host")]
    [InlineData("Store:Postgress", "Host=db;Password=secret")]
    [InlineData("Store:Postgress", "postgres:calls:secret")]
    [InlineData("Store:Postgres", "Host=db;Pasword=secret")]
    [InlineData("Trunks:pstn:Pasword", "secret")]
    [InlineData("Routing:Webhook:Autorization", "Bearer secret")]
    [InlineData("Routing:Webhook:Url", "htp://logic:secret@host/")]
    [InlineData("Routing:Webhook:Url", "http:logic:secret@host/")]
    public async Task No_error_about_a_key_repeats_a_password(string key, string value)
    {
        await using var run = new CommandRun();
        run.Configure(key, value);
        int code = await run.RunAsync("doctor");

        // What can be read as an address by mistake leads nowhere.
        Assert.True(code is ExitCodes.BadUsage or ExitCodes.Unreachable);
        Assert.Contains(key, run.Out + run.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", (run.Out + run.Error).Replace("holds a secret", "", StringComparison.Ordinal), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Bus:RabbitMq", "localhost:5672", "localhost:5672")]
    [InlineData("Bus:RabbitMq", "http://host:5672", "http://host:5672")]
    [InlineData("Bus:RabbitMq", "http://guest:secret@host:5672", "@host:5672")]
    [InlineData("Sip:Listn", "udp:127.0.0.1:5060", "udp:127.0.0.1:5060")]
    [InlineData("Calls:Maxx", "12", "12")]
    public async Task What_holds_no_password_is_shown(string key, string value, string shown)
    {
        await using var run = new CommandRun();
        run.Configure(key, value);
        await run.RunAsync("doctor");

        Assert.Contains(shown, run.Out + run.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Store:Postgres", "Host=127.0.0.1;Port=1;Username=x;Password=hidden;Database=x;Timeout=1")]
    [InlineData("Bus:RabbitMq", "amqp://guest:hidden@127.0.0.1:1")]
    [InlineData("Trunks:pstn:Password", "hidden")]
    [InlineData("Routing:Webhook:Authorization", "Bearer hidden")]
    [InlineData("Routing:Webhook:Url", "https://logic:hidden@127.0.0.1:1/")]
    public async Task A_secret_among_the_arguments_gets_a_warning_that_says_where_it_belongs(string key, string value)
    {
        await using var run = new CommandRun();
        run.Configure(key, value);
        await run.RunAsync("calls", "list");

        Assert.Contains($"--EventCalls:{key} holds a secret", run.Error, StringComparison.Ordinal);
        Assert.Contains($"EventCalls__{key.Replace(":", "__", StringComparison.Ordinal)}=…", run.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("hidden", run.Out + run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_header_for_a_web_service_that_logic_asks_is_a_secret()
    {
        string warning = Assert.Single(SecretWarnings.Of(CommandLineOverrides.Take(["--EventCalls:Routing:Sources:crm:Headers:X-Customer=hidden"], out _)));

        Assert.Contains("--EventCalls:Routing:Sources:crm:Headers:X-Customer holds a secret", warning, StringComparison.Ordinal);
        Assert.DoesNotContain("hidden", warning, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Store:Postgres", "Host=127.0.0.1;Username=x;Database=x")]
    [InlineData("Bus:RabbitMq", "amqp://127.0.0.1:1")]
    [InlineData("Sip:Listen:0", "udp:127.0.0.1:5060")]
    [InlineData("Trunks:pstn:To:0", "sip:pbx@127.0.0.1:5080;transport=udp")]
    public void What_is_no_secret_gets_none(string key, string value) =>
        Assert.Empty(SecretWarnings.Of(CommandLineOverrides.Take([$"--EventCalls:{key}={value}"], out _)));

    [Theory]
    [InlineData("http://127.0.0.1:9/decide", "Bearer hidden", true)]
    [InlineData("http://logic:hidden@127.0.0.1:9/decide", null, true)]
    [InlineData("http://127.0.0.1:9/decide", null, false)]
    [InlineData("https://127.0.0.1:9/decide", "Bearer hidden", false)]
    public async Task A_webhook_that_is_asked_with_a_secret_over_http_gets_a_warning(string url, string? authorization, bool isWarned)
    {
        await using var run = new CommandRun();
        run.Configure("Routing:Webhook:Url", url);
        if (authorization is not null)
            run.Configure("Routing:Webhook:Authorization", authorization);
        await run.RunAsync("doctor");

        Assert.Equal(isWarned, run.Out.Contains("is sent unencrypted", StringComparison.Ordinal));
        Assert.DoesNotContain("hidden", run.Out, StringComparison.Ordinal);
    }
}
