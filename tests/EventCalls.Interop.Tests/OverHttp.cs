using EventCalls.Interop.Tests.Fixtures;

namespace EventCalls.Interop.Tests;

/// <summary>Real calls that are seen and told what to do over HTTP, at the node that has them.</summary>
public sealed class OverHttp(ServingService service) : CallsOverHttp(service), IClassFixture<ServingService>;

/// <summary>The same at another node, which has no calls: over RabbitMQ and PostgreSQL.</summary>
public sealed class OverHttpOfAnotherNode(OverHttpOfAnotherNode.TwoNodes service) : CallsOverHttp(service), IClassFixture<OverHttpOfAnotherNode.TwoNodes>
{
    public sealed class TwoNodes : ServingCluster
    {
        private protected override string RolesOfCalls => "ingress,router,recorder";
    }
}
