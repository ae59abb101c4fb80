using EventCalls.Routing.Deciding;

namespace EventCalls.Routing.Deciders.Wire;

/// <summary>What is decided.</summary>
internal static class RequestWire
{
    [Flags]
    private enum Parts : byte
    {
        None = 0,
        Selected = 1,
        Failed = 2,
        CallerAnswered = 4,

        /// <summary>The state is that of the decision before, as it is in every second decision of a call.</summary>
        StateOfSelected = 8,

        Refer = 16,
        Command = 32,
    }

    public static void Write(WireWriter to, DecisionRequest request)
    {
        bool sameState = request.Selected is { } before && ReferenceEquals(before.State, request.State);
        to.Byte((byte)((request.Selected is null ? Parts.None : Parts.Selected)
            | (request.Failed is null ? Parts.None : Parts.Failed)
            | (request.Refer is null ? Parts.None : Parts.Refer)
            | (request.Command is null ? Parts.None : Parts.Command)
            | (request.CallerAnswered ? Parts.CallerAnswered : Parts.None)
            | (sameState ? Parts.StateOfSelected : Parts.None)));
        EventWire.Write(to, request.Started);
        if (request.Selected is { } selected)
            EventWire.Write(to, selected);
        if (request.Failed is { } failed)
            EventWire.Write(to, failed);
        if (request.Refer is { } refer)
            EventWire.Write(to, refer);
        if (request.Command is { } command)
            EventWire.Write(to, command);
        to.Text(request.Target);
        if (!sameState)
            StateWire.Write(to, request.State);
        to.Time(request.Now);
        to.Int(request.Seed);
        to.Text(request.EntryFlow);
    }

    public static DecisionRequest Read(ref WireReader from)
    {
        var parts = (Parts)from.Byte();
        var started = EventWire.ReadStarted(ref from);
        var selected = parts.HasFlag(Parts.Selected) ? EventWire.ReadSelected(ref from) : null;
        var failed = parts.HasFlag(Parts.Failed) ? EventWire.ReadFailed(ref from) : null;
        var refer = parts.HasFlag(Parts.Refer) ? EventWire.ReadRefer(ref from) : null;
        var command = parts.HasFlag(Parts.Command) ? EventWire.ReadCommand(ref from) : null;
        return new DecisionRequest
        {
            Started = started,
            Selected = selected,
            Failed = failed,
            Refer = refer,
            Command = command,
            CallerAnswered = parts.HasFlag(Parts.CallerAnswered),
            Target = from.OptionalText(),
            State = parts.HasFlag(Parts.StateOfSelected) ? selected!.State : StateWire.Read(ref from),
            Now = from.Time(),
            Seed = from.Int32(),
            EntryFlow = from.OptionalName(),
        };
    }
}
