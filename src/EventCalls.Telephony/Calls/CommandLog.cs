using System.Text.Json;
using EventCalls.Contracts;

namespace EventCalls.Telephony.Calls;

/// <summary>The commands that a call has taken: one that is given again is not carried out again, and is answered alike.</summary>
internal sealed class CommandLog
{
    /// <summary>How many commands a call takes.</summary>
    public const int Most = 50;

    private readonly List<TakenCommand> _taken = [];

    /// <summary>Whether the call takes no more.</summary>
    public bool IsFull => _taken.Count >= Most;

    /// <summary>Keeps a command that is taken.</summary>
    public void Add(TakenCommand command) => _taken.Add(command);

    /// <summary>Answers a command that was given before; false when it was not.</summary>
    public bool TryAnswer(CallCommand command, Action<CommandAnswer> answer)
    {
        foreach (var known in _taken)
        {
            if (known.Command.CommandId != command.CommandId)
                continue;
            if (IsSame(known.Command, command))
                known.Answer(answer);
            else
                answer(CommandAnswers.Refuse(command, CommandResult.OtherCommand, "the same id came before with another command; each command has an id of its own"));
            return true;
        }
        return false;
    }

    private static bool IsSame(CallCommand a, CallCommand b) =>
        a.Kind == b.Kind && a.By == b.By && a.Reason == b.Reason && a.Flow == b.Flow && a.Recording == b.Recording && a.Monitor == b.Monitor && (a.Asked is { } asked ? asked == b.Asked : b.Asked is null && IsSame(a.Steps, b.Steps)) && IsSame(a.State, b.State);

    private static bool IsSame(IReadOnlyList<Handoff> a, IReadOnlyList<Handoff> b)
    {
        if (a.Count != b.Count)
            return false;
        for (int i = 0; i < a.Count; i++)
        {
            if (!Bytes(a[i]).AsSpan().SequenceEqual(Bytes(b[i])))
                return false;
        }
        return true;
    }

    private static bool IsSame(IReadOnlyDictionary<string, JsonElement>? a, IReadOnlyDictionary<string, JsonElement>? b)
    {
        if (a is null || b is null || a.Count != b.Count)
            return a is null && b is null;
        foreach (var (key, value) in a)
        {
            if (!b.TryGetValue(key, out var other) || !JsonElement.DeepEquals(value, other))
                return false;
        }
        return true;
    }

    private static byte[] Bytes(Handoff step) => JsonSerializer.SerializeToUtf8Bytes(step, CallEventJson.Default.Handoff);
}
