using EventCalls.Console.Tests.Pages;
using EventCalls.Interop.Tests.Fixtures;

namespace EventCalls.Interop.Tests;

/// <summary>Pages of the node that has the calls, on the embedded defaults.</summary>
[Collection(nameof(Browser))]
public sealed class OnPages(Browser browser, OnPages.OneNode service) : CallsOnPages(browser, service, "embedded"), IClassFixture<OnPages.OneNode>
{
    public sealed class OneNode : ServingService
    {
        internal override EventCallsSettings Configure(EventCallsSettings settings) => SteeredLogic.FromStore(base.Configure(settings));
    }
}

/// <summary>Pages of another node, which has no calls: over RabbitMQ and PostgreSQL.</summary>
[Collection(nameof(Browser))]
public sealed class OnPagesOfAnotherNode(Browser browser, OnPagesOfAnotherNode.TwoNodes service) : CallsOnPages(browser, service, "rabbitmq"), IClassFixture<OnPagesOfAnotherNode.TwoNodes>
{
    public sealed class TwoNodes : ServingCluster
    {
        private protected override string RolesOfCalls => "ingress,router,recorder";

        internal override EventCallsSettings Configure(EventCallsSettings settings) => SteeredLogic.FromStore(base.Configure(settings));
    }
}
