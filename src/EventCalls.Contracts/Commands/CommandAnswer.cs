using System.Text.Json.Serialization;

namespace EventCalls.Contracts;

/// <summary>What the owner of the call says to a command.</summary>
public sealed record CommandAnswer
{
    /// <summary>The command.</summary>
    public required Guid CommandId { get; init; }

    /// <summary>What came of it.</summary>
    public required CommandResult Result { get; init; }

    /// <summary>The handoff that began; null for other commands, and when none did.</summary>
    public Guid? HandoffId { get; init; }

    /// <summary>How loud the caller is, 0–1; null for other commands.</summary>
    public double? CallerLevel { get; init; }

    /// <summary>How loud the target is, 0–1; null for other commands.</summary>
    public double? TargetLevel { get; init; }

    /// <summary>For people: why it was not taken, and what to do; null when it was.</summary>
    public string? Problem { get; init; }
}

/// <summary>What came of a command.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<CommandResult>))]
public enum CommandResult
{
    /// <summary>It is recorded and begun; what it comes to, the call's events say.</summary>
    [JsonStringEnumMemberName("taken")]
    Taken,

    /// <summary>The owner knows no such call, so it is over, or its node was started anew.</summary>
    [JsonStringEnumMemberName("unknown_call")]
    UnknownCall,

    /// <summary>The call is ending or has ended.</summary>
    [JsonStringEnumMemberName("call_over")]
    CallOver,

    /// <summary>A handoff is under way already, or as many as the call may have were made.</summary>
    [JsonStringEnumMemberName("handoff_under_way")]
    HandoffUnderWay,

    /// <summary>The same id came before with something else in it.</summary>
    [JsonStringEnumMemberName("other_command")]
    OtherCommand,

    /// <summary>It cannot be carried out as the call stands now.</summary>
    [JsonStringEnumMemberName("not_possible")]
    NotPossible,

    /// <summary>It cannot be carried out as it stands.</summary>
    [JsonStringEnumMemberName("invalid")]
    Invalid,

    /// <summary>The owner did not answer in time; the command may still be carried out, and can be given again with the same id.</summary>
    [JsonStringEnumMemberName("no_answer")]
    NoAnswer,
}
