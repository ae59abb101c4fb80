using EventCalls.Contracts;
using EventCalls.Routing.Deciding;

namespace EventCalls.Routing.Deciders.Wire;

/// <summary>What came of a decision.</summary>
internal static class ResultWire
{
    private static readonly HandoffField[] s_fields = [.. HandoffFields.All];

    [ThreadStatic]
    private static object?[]? t_values;

    public static void Write(WireWriter to, DecisionResult result)
    {
        to.Text(result.LogicVersion);
        to.Bool(result.DecidesRefers);
        to.Text(result.Flow);
        WriteTexts(to, result.FlowChain);
        StateWire.Write(to, result.State);
        to.Count(result.Steps.Count);
        for (int i = 0; i < result.Steps.Count; i++)
            Write(to, result.Steps[i]);
        to.Text(result.Reason);
        to.Text(result.DecidedBy);
        EventWire.Write(to, result.Inputs);
        NotesWire.Write(to, result.Log, result.Metrics);
        to.Bool(result.Failure is not null);
        if (result.Failure is { } failure)
            Write(to, failure);
        to.Bool(result.UnansweredLookup is not null);
        if (result.UnansweredLookup is { } lookup)
            EventWire.Write(to, lookup);
        to.Bool(result.Awaited is not null);
        if (result.Awaited is { } awaited)
            EventWire.Write(to, awaited);
        to.Bool(result.ReadClock);
        to.Bool(result.ReadRandom);
        to.Bool(result.Reads is not null);
        if (result.Reads is { } reads)
            WriteReads(to, reads);
        to.Int(result.Elapsed.Ticks);
    }

    public static DecisionResult Read(ref WireReader from) => new()
    {
        LogicVersion = from.Name(),
        DecidesRefers = from.Bool(),
        Flow = from.Name(),
        FlowChain = ReadTexts(ref from),
        State = StateWire.Read(ref from),
        Steps = ReadSteps(ref from),
        Reason = from.OptionalName(),
        DecidedBy = from.Name(),
        Inputs = EventWire.ReadInputs(ref from),
        Log = NotesWire.ReadLog(ref from),
        Metrics = NotesWire.ReadMetrics(ref from),
        Failure = from.Bool() ? ReadFailure(ref from) : null,
        UnansweredLookup = from.Bool() ? EventWire.ReadAnswer(ref from) : null,
        Awaited = from.Bool() ? EventWire.ReadAnswer(ref from) : null,
        ReadClock = from.Bool(),
        ReadRandom = from.Bool(),
        Reads = from.Bool() ? ReadReads(ref from) : null,
        Elapsed = TimeSpan.FromTicks(from.Int()),
    };

    public static void Write(WireWriter to, Contracts.Handoff step)
    {
        to.Count((int)step.Method);
        for (int i = 0; i < s_fields.Length; i++)
        {
            var field = s_fields[i];
            switch (field.Kind)
            {
                case HandoffValue.Text:
                    to.Text(field.Text(step));
                    break;
                case HandoffValue.Number:
                    to.OptionalInt(field.Number(step));
                    break;
                case HandoffValue.Flag:
                    to.OptionalInt(field.Flag(step) switch { true => 1, false => 0, null => null });
                    break;
                case HandoffValue.Texts:
                    var texts = field.Texts(step);
                    to.Bool(texts is not null);
                    if (texts is not null)
                        WriteTexts(to, texts);
                    break;
                default:
                    EventWire.WriteHeaders(to, field.Headers(step));
                    break;
            }
        }
    }

    private static IReadOnlyList<Contracts.Handoff> ReadSteps(ref WireReader from)
    {
        int count = from.Count();
        if (count == 0)
            return [];
        var steps = new Contracts.Handoff[count];
        for (int i = 0; i < count; i++)
        {
            var method = (HandoffMethod)from.Count();
            var values = t_values ??= new object?[s_fields.Length];
            for (int k = 0; k < values.Length; k++)
                values[k] = ReadValue(ref from, s_fields[k].Kind);
            steps[i] = HandoffFields.Step(method, values);
        }

        return steps;
    }

    private static object? ReadValue(ref WireReader from, HandoffValue kind) => kind switch
    {
        HandoffValue.Text => from.OptionalName(),
        HandoffValue.Number => from.OptionalInt32(),
        HandoffValue.Flag => from.OptionalInt32() is { } flag ? flag != 0 : null,
        HandoffValue.Texts => from.Bool() ? ReadTexts(ref from) : null,
        _ => EventWire.ReadHeaders(ref from),
    };

    private static void Write(WireWriter to, DecisionFailure failure)
    {
        to.Count((int)failure.Cause);
        to.Text(failure.Message);
        to.Text(failure.ExceptionType);
        to.Text(failure.File);
        to.OptionalInt(failure.Line);
    }

    private static DecisionFailure ReadFailure(ref WireReader from) => new((RoutingFailureCause)from.Count(), from.Text())
    {
        ExceptionType = from.OptionalName(),
        File = from.OptionalName(),
        Line = from.OptionalInt32(),
    };

    private static void WriteReads(WireWriter to, IReadOnlyList<ConversationRead> reads)
    {
        to.Count(reads.Count);
        foreach (var read in reads)
        {
            to.Text(read.What);
            to.Text(read.Value);
        }
    }

    private static ConversationRead[] ReadReads(ref WireReader from)
    {
        var reads = new ConversationRead[from.Count()];
        for (int i = 0; i < reads.Length; i++)
            reads[i] = new ConversationRead(from.Name(), from.OptionalText());
        return reads;
    }

    private static void WriteTexts(WireWriter to, IReadOnlyList<string> texts)
    {
        to.Count(texts.Count);
        for (int i = 0; i < texts.Count; i++)
            to.Text(texts[i]);
    }

    private static IReadOnlyList<string> ReadTexts(ref WireReader from)
    {
        int count = from.Count();
        if (count == 0)
            return [];
        var texts = new string[count];
        for (int i = 0; i < count; i++)
            texts[i] = from.Name();
        return texts;
    }
}
