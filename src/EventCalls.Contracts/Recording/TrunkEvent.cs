using System.Text.Json.Serialization;

namespace EventCalls.Contracts;

/// <summary>A server of a trunk that a node asks by OPTIONS whether it is there went down or came up. Published, and kept with the node; not an event of a stream.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "type")]
[JsonDerivedType(typeof(TrunkDown), TrunkDown.Name)]
[JsonDerivedType(typeof(TrunkUp), TrunkUp.Name)]
public abstract record TrunkEvent
{
    /// <summary>Its id; one that comes twice is the same.</summary>
    public required Guid EventId { get; init; }

    /// <summary>The node that asks.</summary>
    public required string Node { get; init; }

    /// <summary>The trunk's name.</summary>
    public required string Trunk { get; init; }

    /// <summary>Where the server is, such as <c>udp:192.0.2.7:5060</c>.</summary>
    public required string Server { get; init; }

    /// <summary>When that was seen, UTC.</summary>
    public required DateTimeOffset OccurredAt { get; init; }

    /// <summary>How many servers of the trunk are up now, as the node sees them; 0: the trunk is down.</summary>
    public required int ServersUp { get; init; }

    /// <summary>How many servers of the trunk are asked.</summary>
    public required int Servers { get; init; }

    /// <summary>The name that webhooks and the API have for it.</summary>
    [JsonIgnore]
    public string TypeName => this is TrunkDown ? TrunkDown.Name : TrunkUp.Name;
}

/// <summary>A server of a trunk does not answer, or says that it cannot serve: it is tried last from now on.</summary>
public sealed record TrunkDown : TrunkEvent
{
    /// <summary>The name of the type.</summary>
    public const string Name = "trunk_down";

    /// <summary>What showed it, such as <c>it answers OPTIONS with 503</c>.</summary>
    public required string Reason { get; init; }
}

/// <summary>A server of a trunk answers again, or for the first time since the node began.</summary>
public sealed record TrunkUp : TrunkEvent
{
    /// <summary>The name of the type.</summary>
    public const string Name = "trunk_up";

    /// <summary>Since when it was down, UTC; null when the node found it up as it began to ask.</summary>
    public DateTimeOffset? DownSince { get; init; }
}
