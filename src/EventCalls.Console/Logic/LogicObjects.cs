using System.Text.Json.Serialization;
using EventCalls.Contracts;
using EventCalls.Routing.Loading;

namespace EventCalls.Console.Logic;

/// <summary>The versions of routing logic.</summary>
/// <param name="Versions">All that were ever used or uploaded, the newest first.</param>
/// <param name="Active">The one that this process decides by; null when it decides nothing.</param>
/// <param name="From">What routers decide by, as <c>Routing:LogicFrom</c> says here: <c>folder</c> or <c>store</c>.</param>
/// <param name="Activations">What was activated and rolled back, the newest first; the first one holds now.</param>
internal sealed record LogicList(IReadOnlyList<ListedLogic> Versions, string? Active, string From, IReadOnlyList<LogicActivation> Activations);

/// <summary>A version of routing logic.</summary>
/// <param name="Version">Its content hash.</param>
/// <param name="LoadedAt">When it was first used or uploaded, UTC.</param>
/// <param name="Files">How many files it has.</param>
/// <param name="Active">Whether this process decides by it; null when it decides nothing.</param>
/// <param name="Uploaded">Who brought it over the API, and when.</param>
/// <param name="Loaded">The nodes whose processes loaded it, and when.</param>
internal sealed record ListedLogic(string Version, DateTimeOffset LoadedAt, int Files, bool? Active, IReadOnlyList<ListedArrival> Uploaded, IReadOnlyList<ListedArrival> Loaded);

/// <summary>Who brought or loaded a version.</summary>
/// <param name="By">The user, or the node.</param>
/// <param name="FirstAt">When for the first time, UTC.</param>
/// <param name="LastAt">When last, UTC.</param>
internal sealed record ListedArrival(string By, DateTimeOffset FirstAt, DateTimeOffset LastAt);

/// <summary>A version with its sources.</summary>
/// <param name="Version">Its content hash.</param>
/// <param name="LoadedAt">When it was first used, UTC.</param>
/// <param name="Sources">Its files.</param>
internal sealed record LogicSourcesObject(string Version, DateTimeOffset LoadedAt, IReadOnlyList<LogicSource> Sources);

/// <summary>Files to be compiled.</summary>
/// <param name="Files">Name to text.</param>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed record UploadedLogic(IReadOnlyDictionary<string, string?>? Files);

/// <summary>What compiling them found, as <c>logic check --json</c> has it.</summary>
/// <param name="Ok">Whether the logic can be used.</param>
/// <param name="Version">Its content hash.</param>
/// <param name="Flows">The names of its flows.</param>
/// <param name="Diagnostics">What is wrong.</param>
internal sealed record LogicCheckObject(bool Ok, string Version, IReadOnlyList<string> Flows, IReadOnlyList<LogicDiagnostic> Diagnostics);
