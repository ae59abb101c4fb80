using System.Runtime.InteropServices;
using System.Text.Json;
using EventCalls.Routing.Deciders.Wire;
using EventCalls.Routing.Deciding;

namespace EventCalls.Routing.Deciders;

/// <summary>Digests of decisions: what has the same one is the same; of what has another one, a comparison says whether it differs. For one thread.</summary>
public sealed class DecisionDigest
{
    private readonly WireWriter _bytes = new();

    /// <summary>Of what a decision comes to: flow, state, handoff and its reason.</summary>
    /// <param name="flow">The flow.</param>
    /// <param name="state">The state; the order of its keys does not count.</param>
    /// <param name="steps">The handoff's steps.</param>
    /// <param name="reason">The reason for it.</param>
    public UInt128 OfOutcome(string flow, IReadOnlyDictionary<string, JsonElement> state, IReadOnlyList<Contracts.Handoff> steps, string? reason)
    {
        ArgumentNullException.ThrowIfNull(state);
        ArgumentNullException.ThrowIfNull(steps);
        var sum = OfState(state);
        _bytes.Clear();
        Write(sum);
        _bytes.Text(flow);
        _bytes.Text(reason);
        _bytes.Count(steps.Count);
        for (int i = 0; i < steps.Count; i++)
            ResultWire.Write(_bytes, steps[i]);
        return DigestSum.Of(_bytes.Written);
    }

    /// <summary>Of all that two takings of a decision must have in common: what it comes to, how it fails, what it read and what decided; not of how long it took.</summary>
    /// <param name="result">The decision.</param>
    /// <param name="outcome">Its <see cref="OfOutcome"/>.</param>
    public UInt128 OfAll(DecisionResult result, UInt128 outcome)
    {
        ArgumentNullException.ThrowIfNull(result);
        _bytes.Clear();
        Write(outcome);
        _bytes.Bool(result.ReadClock);
        _bytes.Bool(result.ReadRandom);
        _bytes.Text(result.DecidedBy);
        _bytes.Count(result.Failure is { } failure ? (int)failure.Cause + 1 : 0);
        _bytes.Text(result.Failure?.ExceptionType);
        EventWire.WriteAnswers(_bytes, result.Inputs.Lookups);
        if (result.UnansweredLookup is { } unanswered)
            EventWire.Write(_bytes, unanswered);
        NotesWire.Write(_bytes, result.Log, result.Metrics);
        return DigestSum.Of(_bytes.Written);
    }

    private UInt128 OfState(IReadOnlyDictionary<string, JsonElement> state)
    {
        UInt128 sum = 0;
        if (state is StateValues values)
        {
            foreach (var (key, value) in values.Raw)
                sum += value is string text ? Of(key, text) : Of(key, (JsonElement)value);
            return sum;
        }

        if (state is Dictionary<string, JsonElement> dictionary)
        {
            foreach (var (key, value) in dictionary)
                sum += Of(key, value);
            return sum;
        }

        foreach (var (key, value) in state)
            sum += Of(key, value);
        return sum;
    }

    private UInt128 Of(string key, string text)
    {
        _bytes.Clear();
        _bytes.Text(key);
        _bytes.Byte((byte)JsonValueKind.String);
        _bytes.Text(text);
        return DigestSum.Of(_bytes.Written);
    }

    // A text by what it says, however it is escaped; of the rest the bytes, which a database may write its own way.
    private UInt128 Of(string key, JsonElement value)
    {
        _bytes.Clear();
        _bytes.Text(key);
        _bytes.Byte((byte)value.ValueKind);
        if (value.ValueKind != JsonValueKind.Undefined)
        {
            var raw = JsonMarshal.GetRawUtf8Value(value);
            if (value.ValueKind != JsonValueKind.String)
                _bytes.Raw(raw);
            else if (raw.Contains((byte)'\\'))
                _bytes.Text(value.GetString());
            else
                _bytes.TextOfUtf8(raw[1..^1]);
        }

        return DigestSum.Of(_bytes.Written);
    }

    private void Write(UInt128 digest)
    {
        _bytes.UInt((ulong)(digest >> 64));
        _bytes.UInt((ulong)digest);
    }
}
