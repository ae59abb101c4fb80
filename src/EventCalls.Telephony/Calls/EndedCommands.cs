using EventCalls.Contracts;

namespace EventCalls.Telephony.Calls;

/// <summary>The commands of the calls that ended last: who did not hear the answer and asks again, hears the same.</summary>
internal sealed class EndedCommands
{
    private const int MostCalls = 256;

    private readonly Dictionary<Guid, CommandLog> _logs = [];
    private readonly Queue<Guid> _order = [];

    /// <summary>A call that has taken commands is over.</summary>
    public void Add(Guid callId, CommandLog log)
    {
        if (_order.Count >= MostCalls)
            _logs.Remove(_order.Dequeue());
        _order.Enqueue(callId);
        _logs[callId] = log;
    }

    /// <summary>Answers a command for a call that is not there.</summary>
    public void Answer(CallCommand command, Action<CommandAnswer> answer)
    {
        if (!_logs.TryGetValue(command.CallId, out var log))
            answer(CommandAnswers.Unknown(command));
        else if (!log.TryAnswer(command, answer))
            answer(CommandAnswers.Over(command));
    }
}
