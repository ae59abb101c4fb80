using System.Text.Json.Serialization;
using EventCalls.Contracts;
using EventCalls.Routing.Loading;

namespace EventCalls.Console.Logic;

/// <summary>A version that was uploaded and is kept.</summary>
/// <param name="Version">Its content hash.</param>
/// <param name="Flows">The names of its flows.</param>
/// <param name="Diagnostics">What is worth knowing of it.</param>
internal sealed record KeptLogic(string Version, IReadOnlyList<string> Flows, IReadOnlyList<LogicDiagnostic> Diagnostics);

/// <summary>What goes with an activation.</summary>
/// <param name="Note">What whoever asks for it says to it.</param>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed record WantedActivation(string? Note);

/// <summary>What is rolled back.</summary>
/// <param name="From">The version that is to decide no more: so that one asked for twice goes back once.</param>
/// <param name="Note">What whoever asks for it says to it.</param>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed record WantedRollBack(string? From, string? Note);

/// <summary>What an activation or a roll back came to.</summary>
/// <param name="Changed">Whether something else decides now; false when it did already.</param>
/// <param name="Activation">The record that holds now.</param>
internal sealed record ActivationAnswer(bool Changed, LogicActivation Activation);

/// <summary>Two versions compared.</summary>
/// <param name="Old">The hash of the old one.</param>
/// <param name="New">The hash of the new one.</param>
/// <param name="Files">The files of both, by path; one that is the same has no lines.</param>
internal sealed record LogicComparison(string Old, string New, IReadOnlyList<FileDifference> Files);
