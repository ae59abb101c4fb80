using System.Text.Json.Serialization;

namespace EventCalls.Contracts;

/// <summary>What somebody outside asks of a call that is under way.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<CommandKind>))]
public enum CommandKind
{
    /// <summary>Hand it off: <see cref="CallCommand.Steps"/>.</summary>
    [JsonStringEnumMemberName("handoff")]
    Handoff,

    /// <summary>Change the state of its conversation: <see cref="CallCommand.State"/>.</summary>
    [JsonStringEnumMemberName("state")]
    State,

    /// <summary>Have the logic decide anew, in a flow: <see cref="CallCommand.Flow"/>.</summary>
    [JsonStringEnumMemberName("flow")]
    Flow,

    /// <summary>End it.</summary>
    [JsonStringEnumMemberName("hangup")]
    Hangup,

    /// <summary>Start, pause, resume or discard its recording: <see cref="CallCommand.Recording"/>.</summary>
    [JsonStringEnumMemberName("recording")]
    Recording,

    /// <summary>Have somebody hear it, and say something in it: <see cref="CallCommand.Monitor"/>.</summary>
    [JsonStringEnumMemberName("monitor")]
    Monitor,

    /// <summary>Say how loud its sides are, which is not recorded and changes nothing.</summary>
    [JsonStringEnumMemberName("level")]
    Level,
}
