using EventCalls.Interop.Tests.Fixtures;
using EventCalls.Testing;

namespace EventCalls.Interop.Tests;

/// <summary>Real calls that are seen and told what to do over HTTP, at the node that has them.</summary>
public sealed class OverHttp(ServingService service) : CallsOverHttp(service), IClassFixture<ServingService>;

/// <summary>The same at another node, which has no calls: over RabbitMQ and PostgreSQL.</summary>
public sealed class OverHttpOfAnotherNode(OverHttpOfAnotherNode.TwoNodes service) : CallsOverHttp(service), IClassFixture<OverHttpOfAnotherNode.TwoNodes>
{
    public sealed class TwoNodes : ServingService
    {
        private RabbitMqServer? _broker;
        private PostgresServer? _database;
        private EventCallsProcess? _server;

        public override async Task InitializeAsync()
        {
            _broker = await RabbitMqServer.StartAsync();
            _database = await PostgresServer.StartAsync();
            await base.InitializeAsync();
        }

        public override async Task DisposeAsync()
        {
            if (_server is not null)
                await _server.DisposeAsync();
            await base.DisposeAsync();
            if (_broker is not null)
                await _broker.DisposeAsync();
            if (_database is not null)
                await _database.DisposeAsync();
        }

        internal override EventCallsProcess Server => _server!;

        internal override EventCallsSettings Configure(EventCallsSettings settings) =>
            WithEndpoints(settings) with { Roles = "ingress,router,recorder", RabbitMq = _broker!.ConnectionString, Postgres = _database!.ConnectionString };

        private protected override async Task StartOthersAsync()
        {
            var desk = Settings.As("console", "desk-1");
            _server = await EventCallsProcess.StartAsync(desk with { More = desk.More.Concat(HttpKeys).ToDictionary() });
        }
    }
}
