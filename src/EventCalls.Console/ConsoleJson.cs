using System.Text.Json.Serialization;
using EventCalls.Console.Calls;
using EventCalls.Console.Commands;
using EventCalls.Console.DeadLetters;
using EventCalls.Console.Figures;
using EventCalls.Console.Forks;
using EventCalls.Console.Health;
using EventCalls.Console.Live;
using EventCalls.Console.Logic;
using EventCalls.Console.Pages;
using EventCalls.Console.Queues;
using EventCalls.Console.Recordings;
using EventCalls.Console.Replays;
using EventCalls.Console.Values;
using EventCalls.Console.Webhooks;
using EventCalls.Replay.Audit;
using EventCalls.Routing.Loading;
using EventCalls.Store;

namespace EventCalls.Console;

/// <summary>How what is the console's own is written as JSON: camelCase, enums by their wire names, times in UTC, null for what there is none of.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, Converters = [typeof(InUtc)])]
[JsonSerializable(typeof(HealthAnswer))]
[JsonSerializable(typeof(GivenKey))]
[JsonSerializable(typeof(SignedIn))]
[JsonSerializable(typeof(SignedOut))]
[JsonSerializable(typeof(CallPage))]
[JsonSerializable(typeof(DetailedCall))]
[JsonSerializable(typeof(RecordingList))]
[JsonSerializable(typeof(TakenCommand))]
[JsonSerializable(typeof(LevelObject))]
[JsonSerializable(typeof(HandoffContext))]
[JsonSerializable(typeof(LiveCalls))]
[JsonSerializable(typeof(LiveChanges))]
[JsonSerializable(typeof(LogicList))]
[JsonSerializable(typeof(LogicSourcesObject))]
[JsonSerializable(typeof(LogicCheckObject))]
[JsonSerializable(typeof(UploadedLogic))]
[JsonSerializable(typeof(IReadOnlyList<LogicDiagnostic>))]
[JsonSerializable(typeof(KeptLogic))]
[JsonSerializable(typeof(WantedActivation))]
[JsonSerializable(typeof(WantedRollBack))]
[JsonSerializable(typeof(ActivationAnswer))]
[JsonSerializable(typeof(LogicComparison))]
[JsonSerializable(typeof(ValueList))]
[JsonSerializable(typeof(ValueWithHistory))]
[JsonSerializable(typeof(WantedValue))]
[JsonSerializable(typeof(ShadowList))]
[JsonSerializable(typeof(WantedShadow))]
[JsonSerializable(typeof(ShadowAnswer))]
[JsonSerializable(typeof(CanaryList))]
[JsonSerializable(typeof(WantedCanary))]
[JsonSerializable(typeof(WantedStop))]
[JsonSerializable(typeof(CanaryAnswer))]
[JsonSerializable(typeof(StatisticsList))]
[JsonSerializable(typeof(WantedFork))]
[JsonSerializable(typeof(ForkAnswer))]
[JsonSerializable(typeof(ReplayList))]
[JsonSerializable(typeof(WantedReplay))]
[JsonSerializable(typeof(WhatIfObject))]
[JsonSerializable(typeof(QueueList))]
[JsonSerializable(typeof(DeadMessageList))]
[JsonSerializable(typeof(WantedDeadMessages))]
[JsonSerializable(typeof(ClearedDeadMessages))]
[JsonSerializable(typeof(DeadLetterActList))]
[JsonSerializable(typeof(NodeList))]
[JsonSerializable(typeof(TrunkList))]
[JsonSerializable(typeof(WebhookList))]
[JsonSerializable(typeof(DeadLetterList))]
[JsonSerializable(typeof(WantedDeadLetters))]
[JsonSerializable(typeof(ReplayedDeadLetters))]
internal sealed partial class ConsoleJson : JsonSerializerContext;
