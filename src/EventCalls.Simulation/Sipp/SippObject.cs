using System.Text.Json.Serialization;
using EventCalls.Simulation.Forks;

namespace EventCalls.Simulation.Sipp;

/// <summary>What was written of a call for SIPp, as one JSON object; the names of the members are a promise (docs/command-line.md).</summary>
/// <param name="CallId">The call.</param>
/// <param name="Folder">Where the files are.</param>
/// <param name="Files">Their names, in the order they are described.</param>
/// <param name="Endpoints">The endpoints that SIPp stands in for.</param>
public sealed record SippObject(Guid CallId, string Folder, IReadOnlyList<string> Files, IEnumerable<EndpointObject> Endpoints)
{
    /// <summary>The object of a call that was written.</summary>
    public static SippObject Of(Recording recording, string folder, IReadOnlyList<string> files) =>
        new(recording.Started.CallId, folder, files, SippEndpoint.Of(recording).Select(e => new EndpointObject(e.Name, e.Port, e.Variable, e.Attempts.Count)));
}

/// <summary>One of its endpoints.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Port">The port SIPp listens on unless told otherwise.</param>
/// <param name="Variable">The variable of the run script that sets the port.</param>
/// <param name="Attempts">How many attempts reached it.</param>
public sealed record EndpointObject(string Name, int Port, string Variable, int Attempts);

/// <summary>How it is written as JSON.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(SippObject))]
public sealed partial class SippJson : JsonSerializerContext;
