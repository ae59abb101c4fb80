using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using EventCalls.Console.Logic;
using EventCalls.Console.Recordings;
using EventCalls.Contracts;
using EventCalls.Replay.Audit;
using EventCalls.Replay.Audit.Diagrams;
using EventCalls.Store;
using Microsoft.AspNetCore.Components;

namespace EventCalls.Console.Pages.Calls;

/// <summary>What the page of one call shows, all of it from the call's stream.</summary>
public sealed class CallPageModel
{
    // It is shown as text, which is escaped where it is written.
    private static readonly JsonSerializerOptions s_indented = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private CallPageModel(CallHistory call, IReadOnlyList<LateEvent> late, IReadOnlyList<PageDecision> decisions)
    {
        (Call, Late, Decisions) = (call.Call, late, decisions);
        Diagram = CallDiagram.Of(call.Events);
        Events = [.. call.Events.Zip(Diagram.Rows, (e, row) => new PageEvent(row, e.EventId, CauseOf(e), Pretty(e.Data), HeadersOf(e)))];
        Recordings = RecordingsOf(call.Events);
        Media = [.. call.Events.Where(e => e.Type == "media_statistics").Select(TryRead).OfType<MediaStatistics>()];
        var read = call.Events.Select(TryRead).OfType<CallEvent>().ToList();
        Monitors = PageMonitor.Of(read);
        // A recording that is over or deleted takes its pause with it.
        IsPaused = read.LastOrDefault(e => e is RecordingPaused or RecordingDiscarded or RecordingStored or RecordingFailed) is RecordingPaused { Paused: true };
        State = call.Events.Count == 0 ? null : CallMoment.AsOf(call.Events, call.Events.Count);
    }

    /// <summary>The call as the projection has it.</summary>
    public CallRow Call { get; }

    /// <summary>Its picture.</summary>
    public CallDiagram Diagram { get; }

    /// <summary>Its events, in order.</summary>
    public IReadOnlyList<PageEvent> Events { get; }

    /// <summary>What came after its end.</summary>
    public IReadOnlyList<LateEvent> Late { get; }

    /// <summary>Its decisions, in order.</summary>
    public IReadOnlyList<PageDecision> Decisions { get; }

    /// <summary>Its recordings, in order.</summary>
    public IReadOnlyList<RecordedAudio> Recordings { get; }

    /// <summary>What moved of each side's audio through the node.</summary>
    public IReadOnlyList<MediaStatistics> Media { get; }

    /// <summary>Who hears it now.</summary>
    public IReadOnlyList<PageMonitor> Monitors { get; }

    /// <summary>Whether its recording is paused.</summary>
    public bool IsPaused { get; }

    /// <summary>What is known of it by now; null when the stream is empty.</summary>
    public CallMoment? State { get; }

    /// <summary>Whether it goes on.</summary>
    public bool IsOpen => Call.EndedAt is null;

    /// <summary>The picture as markup: it is made of escaped text only.</summary>
    public MarkupString Ladder()
    {
        using var svg = new StringWriter();
        DiagramSvg.Write(Diagram, svg, $"The ladder of the call from {Diagram.Parties[0].Name} to {PlainText.Of(Call.Callee)}, {Events.Count} events", standsAlone: false);
        return new MarkupString(svg.ToString());
    }

    /// <summary>Reads a call; null when there is none of that id.</summary>
    /// <param name="store">Where it is.</param>
    /// <param name="versions">The logic that decided.</param>
    /// <param name="id">Our id of it, or the SIP Call-ID of the caller's leg.</param>
    /// <param name="cancellationToken">Gives up.</param>
    internal static async Task<CallPageModel?> ReadAsync(ICallStore store, LogicVersions versions, string id, CancellationToken cancellationToken)
    {
        if (await store.FindAsync(id, cancellationToken).ConfigureAwait(false) is not { } row)
            return null;
        var events = await store.ReadStreamAsync(row.CallId, cancellationToken).ConfigureAwait(false);
        var late = await store.ReadLateEventsAsync(row.CallId, cancellationToken).ConfigureAwait(false);
        return new CallPageModel(new CallHistory(row, events), late, await DecisionsAsync(versions, events, cancellationToken).ConfigureAwait(false));
    }

    private static async Task<IReadOnlyList<PageDecision>> DecisionsAsync(LogicVersions versions, IReadOnlyList<StoredEvent> events, CancellationToken cancellationToken)
    {
        var decisions = new List<PageDecision>();
        foreach (var stored in events)
        {
            if (TryRead(stored) is not FlowSelected selected)
                continue;
            var version = await versions.FindAsync(selected.LogicVersion, cancellationToken).ConfigureAwait(false);
            decisions.Add(new PageDecision(stored.Version, selected, SourceLines.Around(version, selected.DecidedBy)));
        }
        return decisions;
    }

    // What cannot be read is shown among the events.
    private static IReadOnlyList<RecordedAudio> RecordingsOf(IReadOnlyList<StoredEvent> events)
    {
        try
        {
            return RecordedAudio.Of(events);
        }
        catch (DamagedEventException)
        {
            return [];
        }
    }

    private static CallEvent? TryRead(StoredEvent stored)
    {
        try
        {
            return stored.Read();
        }
        catch (Exception e) when (e is DamagedEventException or NotSupportedException)
        {
            return null;
        }
    }

    // No event is before the first: the INVITE is what others have it by, too.
    private string CauseOf(StoredEvent stored) =>
        stored.Type == "call_started" ? $"INVITE {Call.SipCallId}".TrimEnd()
        : stored.CausationId == Guid.Empty ? "nothing"
        : stored.CausationId.ToString("D");

    private static IReadOnlyList<SipHeader> HeadersOf(StoredEvent stored) => TryRead(stored) is CallStarted started ? started.Headers : [];

    private static string Pretty(ReadOnlyMemory<byte> data)
    {
        try
        {
            using var document = JsonDocument.Parse(data);
            return JsonSerializer.Serialize(document.RootElement, s_indented);
        }
        catch (JsonException)
        {
            return Encoding.UTF8.GetString(data.Span);
        }
    }
}

/// <summary>One event on the page.</summary>
/// <param name="Row">Its row of the picture.</param>
/// <param name="Id">Its id.</param>
/// <param name="Cause">The event that caused it; of the first the INVITE.</param>
/// <param name="Json">Its data, indented.</param>
/// <param name="Headers">All SIP headers as received, of a call's first event.</param>
public sealed record PageEvent(DiagramRow Row, Guid Id, string Cause, string Json, IReadOnlyList<SipHeader> Headers);

/// <summary>One decision on the page.</summary>
/// <param name="Event">The version of its event.</param>
/// <param name="Selected">What was decided, by what.</param>
/// <param name="Source">The line that decided, and those around it; null when its source is not kept.</param>
public sealed record PageDecision(long Event, FlowSelected Selected, SourceLines? Source);
