using System.Text.Json;
using EventCalls.Contracts;

namespace EventCalls.Telephony.Tests.Calls;

/// <summary>Commands for the call under way.</summary>
public abstract class CommandTest : EdgeTest
{
    private protected CommandTest(string node = "10.0.0.1:5060")
        : base(node)
    {
    }

    private protected static CallCommand Handoff(params Handoff[] steps) => New(CommandKind.Handoff) with { Steps = steps, Reason = "vip" };

    private protected static CallCommand Hangup() => New(CommandKind.Hangup);

    private protected static CallCommand Flow(string flow) => New(CommandKind.Flow) with { Flow = flow };

    private protected static CallCommand Recording(RecordingChange? change) => New(CommandKind.Recording) with { Recording = change };

    private protected static CallCommand State(params (string Key, string Json)[] changes) => New(CommandKind.State) with { State = StateOf(changes) };

    private protected static IReadOnlyDictionary<string, JsonElement> StateOf(params (string Key, string Json)[] state) =>
        state.ToDictionary(s => s.Key, s => JsonDocument.Parse(s.Json).RootElement.Clone());

    /// <summary>Gives the command to the call that came in last; its answer, null as long as there is none.</summary>
    private protected CommandAnswer? Give(CallCommand command) => Give(command, out _);

    private protected CommandAnswer? Give(CallCommand command, out Func<CommandAnswer?> later)
    {
        CommandAnswer? answer = null;
        Shard.Take(command with { CallId = command.CallId == Guid.Empty ? Started.CallId : command.CallId }, a => answer = a);
        Run(1);
        later = () => answer;
        return answer;
    }

    private protected void SecondAnswers() => Second.OnCall = static (phone, leg) => leg.Answer(phone.Session());

    private protected CommandTaken Command => Last<CommandTaken>();

    private protected static CallCommand New(CommandKind kind) =>
        new() { CommandId = Guid.CreateVersion7(), CallId = Guid.Empty, Node = "edge-1", Kind = kind, By = "anna" };
}
