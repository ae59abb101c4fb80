namespace EventCalls.Containers.Tests.Engine;

/// <summary>The tests that share the servers in containers.</summary>
[CollectionDefinition(Name)]
public sealed class ServersCollection : ICollectionFixture<Servers>
{
    /// <summary>Its name.</summary>
    public const string Name = "servers in containers";
}
