using System.Text.Json;
using EventCalls.Contracts;
using EventCalls.Contracts.Reading;

namespace EventCalls.Routing.Deciders.Wire;

/// <summary>The events that a decision is asked with.</summary>
internal static class EventWire
{
    public static void Write(WireWriter to, CallStarted e)
    {
        WriteStamp(to, e);
        to.Text(e.Node);
        to.Text(e.Trunk);
        to.Text(e.Transport);
        to.Text(e.RemoteEndPoint);
        to.Text(e.SipCallId);
        to.Text(e.RequestUri);
        to.Text(e.CallerNumber);
        to.Text(e.CalleeNumber);
        WriteHeaders(to, e.Headers);
        to.Text(e.OfferedMedia);
        to.Bool(e.Identity is not null);
        if (e.Identity is { } identity)
            WriteChecks(to, identity);
        to.Text(e.ImportedFrom);
        WriteOptional(to, e.MaskedAt);
    }

    public static CallStarted ReadStarted(ref WireReader from)
    {
        var (id, call, cause, at, after) = ReadStamp(ref from);
        return new CallStarted
        {
            EventId = id,
            CallId = call,
            CausationId = cause,
            OccurredAt = at,
            AfterId = after,
            Node = from.Name(),
            Trunk = from.Name(),
            Transport = from.Name(),
            RemoteEndPoint = from.Text(),
            SipCallId = from.Text(),
            RequestUri = from.Text(),
            CallerNumber = from.Text(),
            CalleeNumber = from.Text(),
            Headers = ReadHeaders(ref from),
            OfferedMedia = from.OptionalText(),
            Identity = from.Bool() ? ReadChecks(ref from) : null,
            ImportedFrom = from.OptionalName(),
            MaskedAt = ReadOptionalTime(ref from),
        };
    }

    public static void Write(WireWriter to, FlowSelected e)
    {
        WriteStamp(to, e);
        to.Text(e.Flow);
        StateWire.Write(to, e.State);
        to.Text(e.LogicVersion);
        to.Int(e.DecisionMicroseconds);
        to.Text(e.DecidedBy);
        to.Bool(e.DecidesRefers is not null);
        if (e.DecidesRefers is { } decides)
            to.Bool(decides);
        to.Bool(e.Inputs is not null);
        if (e.Inputs is { } inputs)
            Write(to, inputs);
        NotesWire.Write(to, e.Log, e.Metrics);
    }

    public static FlowSelected ReadSelected(ref WireReader from)
    {
        var (id, call, cause, at, after) = ReadStamp(ref from);
        return new FlowSelected
        {
            EventId = id,
            CallId = call,
            CausationId = cause,
            OccurredAt = at,
            AfterId = after,
            Flow = from.Name(),
            State = StateWire.Read(ref from),
            LogicVersion = from.Name(),
            DecisionMicroseconds = from.Int(),
            DecidedBy = from.Name(),
            DecidesRefers = from.Bool() ? from.Bool() : null,
            Inputs = from.Bool() ? ReadInputs(ref from) : null,
            Log = NotesWire.ReadLog(ref from),
            Metrics = NotesWire.ReadMetrics(ref from),
        };
    }

    public static void Write(WireWriter to, TransferFailed e)
    {
        WriteStamp(to, e);
        to.Guid(e.HandoffId);
        to.Int(e.Attempt);
        to.Count((int)e.Method);
        to.Count((int)e.Outcome);
        to.Text(e.Evidence.Source);
        to.OptionalInt(e.Evidence.Status);
        to.Text(e.Evidence.ReasonPhrase);
        to.Text(e.Evidence.Reason);
        to.Text(e.Evidence.RetryAfter);
        to.Text(e.Evidence.Warning);
        to.Text(e.Evidence.Contact);
        to.Text(e.Evidence.SubscriptionState);
        to.OptionalInt(e.PostDialDelayMs);
        to.Bool(e.Final);
    }

    public static TransferFailed ReadFailed(ref WireReader from)
    {
        var (id, call, cause, at, after) = ReadStamp(ref from);
        return new TransferFailed
        {
            EventId = id,
            CallId = call,
            CausationId = cause,
            OccurredAt = at,
            AfterId = after,
            HandoffId = from.Guid(),
            Attempt = from.Int32(),
            Method = (HandoffMethod)from.Count(),
            Outcome = (TransferOutcome)from.Count(),
            Evidence = new SipEvidence
            {
                Source = from.Name(),
                Status = from.OptionalInt32(),
                ReasonPhrase = from.OptionalName(),
                Reason = from.OptionalText(),
                RetryAfter = from.OptionalText(),
                Warning = from.OptionalText(),
                Contact = from.OptionalText(),
                SubscriptionState = from.OptionalText(),
            },
            PostDialDelayMs = from.OptionalInt(),
            Final = from.Bool(),
        };
    }

    public static void Write(WireWriter to, CommandTaken e)
    {
        WriteStamp(to, e);
        to.Guid(e.CommandId);
        to.Count((int)e.Kind);
        to.Text(e.By);
        to.Text(e.Reason);
        WriteOptional(to, e.HandoffId);
        to.Text(e.Flow);
        WriteOptional(to, e.After);
        to.OptionalInt((int?)e.Recording);
        to.Text(e.Monitor is { } monitor ? JsonSerializer.Serialize(monitor, CallEventJson.Default.MonitorChange) : null);
    }

    public static CommandTaken ReadCommand(ref WireReader from)
    {
        var (id, call, cause, at, after) = ReadStamp(ref from);
        return new CommandTaken
        {
            EventId = id,
            CallId = call,
            CausationId = cause,
            OccurredAt = at,
            AfterId = after,
            CommandId = from.Guid(),
            Kind = (CommandKind)from.Count(),
            By = from.Text(),
            Reason = from.OptionalText(),
            HandoffId = ReadOptionalId(ref from),
            Flow = from.OptionalName(),
            After = ReadOptionalId(ref from),
            Recording = (RecordingChange?)from.OptionalInt32(),
            Monitor = from.OptionalText() is { } monitor ? JsonSerializer.Deserialize(monitor, CallEventJson.Default.MonitorChange) : null,
        };
    }

    public static void Write(WireWriter to, ReferReceived e)
    {
        WriteStamp(to, e);
        to.Text(e.Leg);
        to.Text(e.ReferTo);
        to.Text(e.Target);
        WriteHeaders(to, e.Headers);
        to.Text(e.Replaces);
        to.Text(e.ReferredBy);
        to.Count((int)e.Policy);
        to.Text(e.OutboundEndpoint);
        to.Int(e.Status);
    }

    public static ReferReceived ReadRefer(ref WireReader from)
    {
        var (id, call, cause, at, after) = ReadStamp(ref from);
        return new ReferReceived
        {
            EventId = id,
            CallId = call,
            CausationId = cause,
            OccurredAt = at,
            AfterId = after,
            Leg = from.Name(),
            ReferTo = from.Text(),
            Target = from.Text(),
            Headers = ReadHeaders(ref from),
            Replaces = from.OptionalText(),
            ReferredBy = from.OptionalText(),
            Policy = (ReferPolicy)from.Count(),
            OutboundEndpoint = from.OptionalName(),
            Status = from.Int32(),
        };
    }

    public static void Write(WireWriter to, DecisionInputs inputs)
    {
        to.Time(inputs.Now);
        to.Int(inputs.Seed);
        WriteAnswers(to, inputs.Lookups);
    }

    public static DecisionInputs ReadInputs(ref WireReader from) => new()
    {
        Now = from.Time(),
        Seed = from.Int32(),
        Lookups = ReadAnswers(ref from),
    };

    public static void WriteAnswers(WireWriter to, IReadOnlyList<LookupAnswer> answers)
    {
        to.Count(answers.Count);
        for (int i = 0; i < answers.Count; i++)
            Write(to, answers[i]);
    }

    public static IReadOnlyList<LookupAnswer> ReadAnswers(ref WireReader from)
    {
        int count = from.Count();
        if (count == 0)
            return [];
        var answers = new LookupAnswer[count];
        for (int i = 0; i < count; i++)
            answers[i] = ReadAnswer(ref from);
        return answers;
    }

    public static void Write(WireWriter to, LookupAnswer answer)
    {
        to.Text(answer.Name);
        to.Text(answer.Key);
        to.Text(answer.Value);
        to.Text(answer.Refusal);
    }

    public static LookupAnswer ReadAnswer(ref WireReader from) => new(from.Name(), from.Text(), from.OptionalName()) { Refusal = from.OptionalName() };

    /// <summary>As <see cref="PackedHeaders"/> has them.</summary>
    public static void WriteHeaders(WireWriter to, IReadOnlyList<SipHeader> headers)
    {
        int count = headers.Count;
        to.Count(count);
        if (headers is PackedHeaders packed)
        {
            to.Bytes(packed.Bytes);
            return;
        }

        for (int i = 0; i < count; i++)
        {
            var header = headers[i];
            to.Text(header.Name);
            to.Text(header.Value);
        }
    }

    public static IReadOnlyList<SipHeader> ReadHeaders(ref WireReader from)
    {
        int count = from.Count();
        if (count == 0)
            return [];
        var headers = new SipHeader[count];
        for (int i = 0; i < count; i++)
            headers[i] = new SipHeader(from.Name(), from.Text());
        return headers;
    }

    public static void WriteChecks(WireWriter to, IReadOnlyList<IdentityCheck> checks)
    {
        to.Count(checks.Count);
        for (int i = 0; i < checks.Count; i++)
        {
            to.Text(checks[i].Kind);
            to.Count((int)checks[i].Verdict);
            to.OptionalInt((int?)checks[i].Problem);
        }
    }

    public static IReadOnlyList<IdentityCheck> ReadChecks(ref WireReader from)
    {
        var checks = new IdentityCheck[from.Count()];
        for (int i = 0; i < checks.Length; i++)
            checks[i] = new IdentityCheck { Kind = from.OptionalName(), Verdict = (IdentityVerdict)from.Count(), Problem = (IdentityProblem?)from.OptionalInt32() };
        return checks;
    }

    private static void WriteStamp(WireWriter to, CallEvent e)
    {
        to.Guid(e.EventId);
        to.Guid(e.CallId);
        to.Guid(e.CausationId);
        to.Time(e.OccurredAt);
        WriteOptional(to, e.AfterId);
    }

    private static (Guid Id, Guid Call, Guid Cause, DateTimeOffset At, Guid? After) ReadStamp(ref WireReader from) =>
        (from.Guid(), from.Guid(), from.Guid(), from.Time(), ReadOptionalId(ref from));

    private static void WriteOptional(WireWriter to, DateTimeOffset? time)
    {
        to.Bool(time is not null);
        if (time is { } given)
            to.Time(given);
    }

    private static void WriteOptional(WireWriter to, Guid? id)
    {
        to.Bool(id is not null);
        if (id is { } given)
            to.Guid(given);
    }

    private static Guid? ReadOptionalId(ref WireReader from) => from.Bool() ? from.Guid() : null;

    private static DateTimeOffset? ReadOptionalTime(ref WireReader from) => from.Bool() ? from.Time() : null;
}
