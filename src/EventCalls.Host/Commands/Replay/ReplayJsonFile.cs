using System.Text.Encodings.Web;
using System.Text.Json;
using EventCalls.Replay;

namespace EventCalls.Host.Commands.Replay;

/// <summary>Writes the result as one JSON object; changed calls are written as they come, so that it needs no memory for them.</summary>
internal sealed class ReplayJsonFile : IDisposable
{
    private const int FlushAt = 64 * 1024;

    private readonly Stream _stream;
    private readonly Utf8JsonWriter _writer;
    private readonly Dictionary<(string From, string To), long> _flows = [];

    public ReplayJsonFile(Stream stream)
    {
        _stream = stream;
        _writer = new Utf8JsonWriter(stream, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
        _writer.WriteStartObject();
        _writer.WriteStartArray("changes");
    }

    public void Add(ReplayedCall call)
    {
        if (call.Decisions is [{ Now: { } now } first, ..])
            _flows[(first.Was.Flow, now.Flow)] = _flows.GetValueOrDefault((first.Was.Flow, now.Flow)) + 1;
        if (call.Verdict != Verdict.Changed)
            return;
        _writer.WriteStartObject();
        _writer.WriteString("callId", call.Call.CallId);
        _writer.WriteStartObject("fields");
        foreach (var change in call.Changes)
        {
            _writer.WriteStartObject(change.Field);
            _writer.WriteString("was", change.Was);
            _writer.WriteString("now", change.Now);
            _writer.WriteEndObject();
        }
        _writer.WriteEndObject();
        _writer.WriteEndObject();
        if (_writer.BytesPending > FlushAt)
            _writer.Flush();
    }

    public void Finish(ReplayRun run, ReplayTotals totals, IReadOnlyList<string> tripped)
    {
        _writer.WriteEndArray();
        _writer.WriteNumber("calls", totals.Calls);
        _writer.WriteNumber("same", totals.Same);
        _writer.WriteNumber("changed", totals.Changed);
        _writer.WriteNumber("errors", totals.Errors);
        _writer.WriteNumber("notReplayable", totals.NotReplayable);
        _writer.WriteStartObject("baseline");
        foreach (var (version, calls) in run.Baseline)
            _writer.WriteNumber(version, calls);
        _writer.WriteEndObject();
        _writer.WriteString("candidate", run.Candidate);
        _writer.WriteBoolean("liveLookups", run.LiveLookups);
        _writer.WriteBoolean("cancelled", run.Cancelled);
        _writer.WriteStartArray("flows");
        foreach (var (move, calls) in _flows.OrderBy(f => f.Key.From, StringComparer.Ordinal).ThenBy(f => f.Key.To, StringComparer.Ordinal))
        {
            _writer.WriteStartObject();
            _writer.WriteString("from", move.From);
            _writer.WriteString("to", move.To);
            _writer.WriteNumber("calls", calls);
            _writer.WriteEndObject();
        }
        _writer.WriteEndArray();
        _writer.WriteStartArray("tripped");
        foreach (string rule in tripped)
            _writer.WriteStringValue(rule);
        _writer.WriteEndArray();
        _writer.WriteEndObject();
        _writer.Flush();
        _stream.WriteByte((byte)'\n');
    }

    public void Dispose()
    {
        _writer.Dispose();
        _stream.Dispose();
    }
}
