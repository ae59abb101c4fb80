using System.Text.RegularExpressions;
using EventCalls.Testing;
using Testcontainers.PostgreSql;
using Testcontainers.RabbitMq;

namespace EventCalls.Containers.Tests.Engine;

/// <summary>One RabbitMQ and one PostgreSQL in containers, of the images that <c>docker-compose.yml</c> names; the fixtures of the tests take them for given servers.</summary>
public sealed partial class Servers : IAsyncLifetime
{
    private readonly RabbitMqContainer _broker = new RabbitMqBuilder(Image("rabbitmq")).Build();
    private readonly PostgreSqlContainer _database = new PostgreSqlBuilder(Image("postgres")).Build();

    /// <inheritdoc/>
    public async Task InitializeAsync()
    {
        await Task.WhenAll(_broker.StartAsync(), _database.StartAsync());
        Environment.SetEnvironmentVariable(RabbitMqServer.Variable, _broker.GetConnectionString());
        Environment.SetEnvironmentVariable(PostgresServer.Variable, _database.GetConnectionString());
    }

    /// <inheritdoc/>
    public async Task DisposeAsync()
    {
        Environment.SetEnvironmentVariable(RabbitMqServer.Variable, null);
        Environment.SetEnvironmentVariable(PostgresServer.Variable, null);
        await _broker.DisposeAsync();
        await _database.DisposeAsync();
    }

    private static string Image(string name) =>
        Images().Matches(File.ReadAllText(ComposeFile.Path)).Select(m => m.Groups["image"].Value).Single(image => image.StartsWith(name + ":", StringComparison.Ordinal));

    [GeneratedRegex(@"^\s+image: (?<image>\S+)$", RegexOptions.Multiline)]
    private static partial Regex Images();
}
