using EventCalls.Bus.Tests;
using EventCalls.Bus.Tests.Serialization;
using EventCalls.Bus.Tests.Topology;
using EventCalls.Containers.Tests.Engine;

namespace EventCalls.Containers.Tests;

[Collection(ServersCollection.Name)]
public sealed class RabbitMqBusInAContainer(RabbitMqFixture broker) : RabbitMqBusTests(broker);

[Collection(ServersCollection.Name)]
public sealed class BrokerTopologyInAContainer(RabbitMqFixture broker) : BrokerTopologyTests(broker);

[Collection(ServersCollection.Name)]
public sealed class HandoffCheckInAContainer(RabbitMqFixture broker) : HandoffCheckTests(broker);
