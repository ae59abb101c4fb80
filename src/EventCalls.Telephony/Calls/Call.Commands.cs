using System.Collections.ObjectModel;
using System.Text.Json;
using EventCalls.Contracts;

namespace EventCalls.Telephony.Calls;

/// <content>Commands from outside: recorded first, then carried out, each once.</content>
internal sealed partial class Call
{
    private const int MostSteps = 20;
    private const int MostStateBytes = 64 * 1024;

    private CommandLog? _commands;

    /// <summary>The state, when a command has changed it.</summary>
    private ChangedState? _state;

    /// <summary>The command for which the routers are asked; null when they are not.</summary>
    private CommandTaken? _flow;

    private bool _isHangingUp;

    /// <summary>Takes a command, or says why not; it is answered on the shard's thread, once it is recorded.</summary>
    public void Take(CallCommand command, Action<CommandAnswer> answer)
    {
        if (command.Kind == CommandKind.Level)
        {
            answer(Level(command));
            return;
        }
        if (_commands?.TryAnswer(command, answer) == true)
            return;
        // Who knows of the call knows that its first event is recorded; that word only comes another way.
        OnStartConfirmed();
        if (WhyNotTaken(command) is { } refusal)
        {
            answer(refusal);
            return;
        }
        bool isFlow = command.Kind == CommandKind.Flow;
        var record = Stream.Stamp(Stream.Last, new CommandTaken
        {
            CommandId = command.CommandId,
            Kind = command.Kind,
            By = command.By,
            Reason = command.Reason,
            HandoffId = command.Kind == CommandKind.Handoff ? command.HandoffId : null,
            Flow = isFlow ? command.Flow : null,
            Recording = command.Kind == CommandKind.Recording ? command.Recording : null,
            Monitor = command.Kind == CommandKind.Monitor ? command.Monitor : null,
            After = isFlow ? _selected?.EventId : null,
        });
        var taken = new TakenCommand(command, record);
        taken.Answer(answer);
        (_commands ??= new CommandLog()).Add(taken);
        CallEvent[] events = command.State is { Count: > 0 } changes && command.Kind != CommandKind.Hangup ? [record, Change(record, changes)] : [record];
        switch (command.Kind)
        {
            case CommandKind.Handoff:
                TakeHandoff(taken, events);
                break;
            case CommandKind.Flow:
                AskForFlow(taken, events);
                break;
            case CommandKind.Recording:
                ChangeRecording(taken, events);
                break;
            case CommandKind.Monitor:
                TakeMonitor(taken, events);
                break;
            default:
                _isHangingUp = command.Kind == CommandKind.Hangup;
                Stream.Append(new CommandEntry(this, taken, events));
                break;
        }
    }

    /// <summary>A command is recorded: whoever gave it hears that, and an end that was asked for is now.</summary>
    public void OnRecorded(TakenCommand command)
    {
        command.OnRecorded();
        if (command.Command.Kind == CommandKind.Recording)
            OnDiscardRecorded(command.Record);
        else if (command.Command.Kind == CommandKind.Monitor)
            OnMonitorRecorded(command.Record);
        if (command.Command.Kind != CommandKind.Hangup)
            return;
        End(new CallEnding
        {
            By = CallParty.Api,
            Cause = _answeredAt is null ? CallEndCause.Rejected : CallEndCause.HungUp,
            Status = 480,
            CausedBy = command.Record.EventId,
        });
    }

    private CommandAnswer? WhyNotTaken(CallCommand command)
    {
        if (IsEnding || _isHangingUp || _phase == CallPhase.Leaving)
            return CommandAnswers.Over(command);
        // The end can always be asked for: it is the last one.
        if (_commands is { IsFull: true } && command.Kind != CommandKind.Hangup)
            return Invalid($"the call has had {CommandLog.Most} commands, and takes no more but a hangup");
        if (string.IsNullOrEmpty(command.By))
            return Invalid("it does not say who asks");
        if (command.Kind == CommandKind.Handoff && command.Steps.Count is 0 or > MostSteps)
            return Invalid($"a handoff has from 1 to {MostSteps} steps");
        if (command.Kind == CommandKind.Flow && string.IsNullOrEmpty(command.Flow))
            return Invalid("it does not name the flow");
        if (command.Kind == CommandKind.State && command.State is not { Count: > 0 })
            return Invalid("it changes nothing");
        if (command.Kind == CommandKind.Recording && WhyNotChanged(command.Recording) is { } unchanged)
            return Invalid(unchanged);
        if (command.Kind == CommandKind.Monitor && WhyNotMonitored(command) is { } unmonitored)
            return unmonitored;
        if (command.State is { } changes && SizeOf(StateChanged.After(_state?.Now ?? _selected?.State, changes)) > MostStateBytes)
            return Invalid($"the state would have more than the {MostStateBytes} bytes that are kept with a call");
        if (UnkeptOf(command.State) is { } unkept)
            return Invalid(unkept);
        if (command.Kind is not (CommandKind.Handoff or CommandKind.Flow))
            return null;
        if (_phase == CallPhase.HandingOff)
            return CommandAnswers.Refuse(command, CommandResult.HandoffUnderWay, "a handoff is under way; wait for its end, or end the call");
        return _begun >= Shard.Options.MaxHandoffs
            ? CommandAnswers.Refuse(command, CommandResult.HandoffUnderWay, $"the call has had {Shard.Options.MaxHandoffs} handoffs, as many as it may have (Calls:MaxHandoffs)")
            : null;

        CommandAnswer Invalid(string problem) => CommandAnswers.Refuse(command, CommandResult.Invalid, problem);
    }

    private void TakeHandoff(TakenCommand command, CallEvent[] events)
    {
        var handoff = Stream.Stamp(command.Record.EventId, new HandoffRequested
        {
            Node = Shard.Options.Node,
            HandoffId = command.Record.HandoffId!.Value,
            Steps = command.Command.Steps,
            RequestedBy = Requester.Api,
            Reason = command.Command.Reason,
        });
        // The bus brings the handoff back here as it does a router's; it is known then.
        _handoffs.Add(handoff.HandoffId);
        Stream.Append(new CommandEntry(this, command, [.. events, handoff]));
        // A REFER that waits for its decision is overtaken: it is the caller that is moved.
        TurnBack();
        Begin(handoff);
    }

    private void AskForFlow(TakenCommand command, CallEvent[] events)
    {
        var question = new RerouteCall
        {
            Started = Started,
            Selected = _selected,
            State = _state?.Now,
            Command = command.Record,
            Target = Bridge?.Peer.Uri ?? "",
            CallerAnswered = IsCallerAnswered,
        };
        _state?.OnAsked();
        var entry = new FlowEntry(this, command, question, events);
        Stream.Append(entry);
        _decision?.Stop();
        if (IsAskedToRefer)
            _refer!.Finish(487);
        TurnBack();
        _flow = command.Record;
        // Whoever talks goes on talking until it is decided.
        AwaitDecision(entry, Bridge is null ? CallPhase.Deciding : _phase);
    }

    private StateChanged Change(CommandTaken record, IReadOnlyDictionary<string, JsonElement> changes)
    {
        // What they were read from may be gone soon.
        var kept = changes.ToDictionary(c => c.Key, c => c.Value.Clone(), StringComparer.Ordinal);
        (_state ??= new ChangedState()).Change(_selected, kept);
        return Stream.Stamp(record.EventId, new StateChanged { Changes = kept });
    }

    // What cannot be written would take the rest of the call's stream with it.
    private static string? UnkeptOf(IReadOnlyDictionary<string, JsonElement>? changes)
    {
        foreach (var (key, value) in changes ?? ReadOnlyDictionary<string, JsonElement>.Empty)
        {
            if (KeptJson.Problem(System.Runtime.InteropServices.JsonMarshal.GetRawUtf8Value(value)) is { } problem)
                return $"the state's {key} cannot be kept: {problem}";
        }

        return null;
    }

    private static long SizeOf(IReadOnlyDictionary<string, JsonElement> state)
    {
        long size = 0;
        foreach (var (key, value) in state)
            size += key.Length + System.Runtime.InteropServices.JsonMarshal.GetRawUtf8Value(value).Length;
        return size;
    }
}
