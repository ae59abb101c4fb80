using System.Text;
using EventCalls.Replay.Calls;
using EventCalls.Replay.Gate;
using EventCalls.Replay.Reports;
using EventCalls.Store;

namespace EventCalls.Replay.Resuming;

/// <summary>All that a replay has come to so far: what a report is made of, and what it takes to go on after a stop.</summary>
public sealed class ReplayProgressState : IDisposable
{
    private static readonly byte[] s_format = "ECREPLAY4"u8.ToArray();

    /// <param name="rules">The rules of the gate.</param>
    /// <param name="expected">The changes that were announced; null for none.</param>
    public ReplayProgressState(IReadOnlyList<GateRule> rules, ExpectedChanges? expected = null)
    {
        Expected = expected;
        ArgumentNullException.ThrowIfNull(rules);
        Rules = rules;
    }

    /// <summary>The rules of the gate.</summary>
    public IReadOnlyList<GateRule> Rules { get; }

    /// <summary>The changes that were announced; null for none.</summary>
    public ExpectedChanges? Expected { get; }

    /// <summary>The counts.</summary>
    public ReplayTotals Totals { get; } = new();

    /// <summary>The report.</summary>
    public ReplayReportBuilder Report { get; } = new();

    /// <summary>The last call that was added; null before the first.</summary>
    public CallCursor? Last { get; private set; }

    /// <summary>Takes the next call.</summary>
    public void Add(ReplayedCall call)
    {
        ArgumentNullException.ThrowIfNull(call);
        call = Expected?.Mark(call) ?? call;
        Totals.Add(call);
        foreach (var rule in Rules)
            rule.Add(call);
        Report.Add(call);
        Last = CallCursor.Of(call.Call);
    }

    /// <summary>Writes it down.</summary>
    /// <param name="stream">Where to; stays open.</param>
    /// <param name="identity">What is replayed against what; only the same replay may go on from here.</param>
    /// <param name="elapsed">How long it took so far.</param>
    public void Save(Stream stream, string identity, TimeSpan elapsed)
    {
        using var writer = new BinaryWriter(stream, Encoding.UTF8, leaveOpen: true);
        writer.Write(s_format);
        writer.Write(identity);
        writer.Write(elapsed.Ticks);
        writer.Write(Last is not null);
        if (Last is { } last)
        {
            writer.Write(last.StartedAt.UtcTicks);
            writer.Write(last.CallId.ToByteArray());
        }
        Totals.Save(writer);
        writer.Write(Rules.Count);
        foreach (var rule in Rules)
            rule.Save(writer);
        writer.Write(Expected is not null);
        Expected?.Save(writer);
        writer.Flush();
        Report.Save(stream);
    }

    /// <summary>Goes on from what was written down; how long it had taken.</summary>
    /// <exception cref="InvalidDataException">It is damaged, or belongs to another replay; the message says which.</exception>
    public TimeSpan Load(Stream stream, string identity)
    {
        using var reader = new BinaryReader(stream, Encoding.UTF8, leaveOpen: true);
        try
        {
            if (!reader.ReadBytes(s_format.Length).AsSpan().SequenceEqual(s_format))
                throw new InvalidDataException("it is not where a replay stopped, or of another version of this program");
            string saved = reader.ReadString();
            if (saved != identity)
                throw new InvalidDataException($"it belongs to another replay ({saved}), and this one is {identity}");
            var elapsed = new TimeSpan(reader.ReadInt64());
            Last = reader.ReadBoolean() ? new CallCursor(new DateTimeOffset(reader.ReadInt64(), TimeSpan.Zero), new Guid(reader.ReadBytes(16))) : null;
            Totals.Load(reader);
            if (reader.ReadInt32() != Rules.Count)
                throw new InvalidDataException("it has other rules");
            foreach (var rule in Rules)
                rule.Load(reader);
            if (reader.ReadBoolean() != Expected is not null)
                throw new InvalidDataException("it has other expected changes");
            Expected?.Load(reader);
            Report.Load(stream);
            return elapsed;
        }
        catch (Exception e) when (e is EndOfStreamException or ArgumentException or FormatException)
        {
            throw new InvalidDataException("it is damaged or incomplete", e);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => Report.Dispose();
}
