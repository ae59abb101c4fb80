using System.Text.Json;
using System.Text.Json.Serialization;

namespace EventCalls.Contracts;

/// <summary>What a node knows of its trunks and of strangers, as of a heartbeat.</summary>
public sealed record NodeReport
{
    /// <summary>Its trunks, as configured.</summary>
    public IReadOnlyList<TrunkReport> Trunks { get; init; } = [];

    /// <summary>The servers of trunks that went down or came up, in order, the newest of them; as stored, those of earlier runs of the node too.</summary>
    public IReadOnlyList<TrunkEvent> TrunkEvents { get; init; } = [];

    /// <summary>How many addresses it reads nothing of, for a time.</summary>
    public int Banned { get; init; }

    /// <summary>Some of these addresses, at most 20.</summary>
    public IReadOnlyList<string> BannedAddresses { get; init; } = [];

    /// <summary>The report as it is stored; null for none.</summary>
    public static string? Write(NodeReport? report) => report is null ? null : JsonSerializer.Serialize(report, NodeReportJson.Default.NodeReport);

    /// <summary>A stored report; null for none, and for one that this version cannot read.</summary>
    public static NodeReport? Read(string? json)
    {
        try
        {
            return json is null ? null : JsonSerializer.Deserialize(json, NodeReportJson.Default.NodeReport);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}

/// <summary>How a trunk is at a node.</summary>
public sealed record TrunkReport
{
    /// <summary>Its name.</summary>
    public required string Name { get; init; }

    /// <summary>The calls that came in on it and are open.</summary>
    public int CallsActive { get; init; }

    /// <summary>How many may be open; 0 for as many as come.</summary>
    public int MaxCalls { get; init; }

    /// <summary>How many may begin in a second; 0 for as many as come.</summary>
    public int MaxCallsPerSecond { get; init; }

    /// <summary>Calls refused for these two since the node began.</summary>
    public long Refused { get; init; }

    /// <summary>When the last of them was refused, UTC; null when none was.</summary>
    public DateTimeOffset? RefusedAt { get; init; }

    /// <summary>Its servers that are asked whether they are there.</summary>
    public IReadOnlyList<TrunkServerReport> Servers { get; init; } = [];

    /// <summary>The registration with it; null where the node does not register.</summary>
    public RegistrationReport? Registration { get; init; }
}

/// <summary>A server of a trunk.</summary>
/// <param name="Server">Where it is.</param>
/// <param name="IsUp">Whether it answers.</param>
/// <param name="DownSince">Since when it does not, UTC; null while it does.</param>
public sealed record TrunkServerReport(string Server, bool IsUp, DateTimeOffset? DownSince);

/// <summary>A registration with a trunk.</summary>
/// <param name="IsRegistered">Whether calls for us come here.</param>
/// <param name="Server">The registrar's server that was asked last; null for none.</param>
/// <param name="Until">Until when it lasts unless it is refreshed, UTC; null when there is none.</param>
/// <param name="Problem">Why it could not be made, or refreshed; null when it could.</param>
public sealed record RegistrationReport(bool IsRegistered, string? Server, DateTimeOffset? Until, string? Problem);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(NodeReport))]
internal sealed partial class NodeReportJson : JsonSerializerContext;
