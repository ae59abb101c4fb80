using EventCalls.Containers.Tests.Engine;
using EventCalls.Interop.Tests;

namespace EventCalls.Containers.Tests;

[Collection(ServersCollection.Name)]
public sealed class WholeCallsOverContainers(RabbitMqAndPostgres.ServersService service) : RabbitMqAndPostgres(service);
