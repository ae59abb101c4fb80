using System.Globalization;
using EventCalls.Console.Calls;
using EventCalls.Console.Problems;
using EventCalls.Console.Queries;
using EventCalls.Console.Security;
using EventCalls.Contracts;
using EventCalls.Store;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Logging;

namespace EventCalls.Console.Recordings;

/// <summary>The recordings of calls: what there is, how it looks, and what is heard. Only what a call's own events name is opened.</summary>
internal sealed partial class RecordingEndpoints(ICallStore store, IRecordingFiles? files, ILogger logger)
{
    private const int Parts = 1000;

    // One recording is looked through at a time: pages must not take the processor from calls.
    private readonly SemaphoreSlim _one = new(1);

    public void Map(IEndpointRouteBuilder routes)
    {
        var api = routes.MapGroup("/api/calls/{id}/recordings").WithTags("calls");
        api.MapGet("", (Delegate)ListAsync).Needs(ApiScope.Read).Takes().WithSummary("The recordings of a call that its events tell of").Produces<RecordingList>();
        api.MapGet("/{number}", (Delegate)AudioAsync).NeedsToListen().Takes().WithSummary("One recording, the caller left and the target right; ranges are answered")
            .Produces(200, contentType: "audio/wav", additionalContentTypes: "audio/ogg").Produces(206, contentType: "audio/wav", additionalContentTypes: "audio/ogg");
        api.MapGet("/{number}/waveform.svg", (Delegate)WaveformAsync).NeedsToListen().Takes().WithSummary("How loud both sides of a recording are over its time, as an image").Produces(200, contentType: "image/svg+xml");
    }

    private async Task<IResult> ListAsync(string id, HttpContext context)
    {
        var call = await store.HistoryAsync(context, id).ConfigureAwait(false);
        var recordings = RecordedAudio.Of(call.Events).Select(audio => new RecordingObject(audio, files?.Find(audio.Location)));
        return PlainJson.Of(new RecordingList(call.Call.CallId, call.Call.Node, [.. recordings]), ConsoleJson.Default.RecordingList);
    }

    private async Task<IResult> AudioAsync(string id, string number, HttpContext context)
    {
        var (call, audio, stream) = await OpenAsync(id, number, context).ConfigureAwait(false);
        string range = context.Request.Headers.Range.ToString();
        LogHeard(context.Caller().Name, audio.Number, call.CallId, range.Length == 0 ? "whole" : PlainText.Of(range));
        // A finished recording does not change.
        return TypedResults.Stream(stream, files!.IsOpus(audio.Location) ? "audio/ogg" : "audio/wav", lastModified: audio.StartedAt, enableRangeProcessing: true);
    }

    private async Task<IResult> WaveformAsync(string id, string number, HttpContext context)
    {
        var (_, audio, stream) = await OpenAsync(id, number, context).ConfigureAwait(false);
        await using (stream.ConfigureAwait(false))
        {
            await _one.WaitAsync(context.RequestAborted).ConfigureAwait(false);
            try
            {
                var peaks = await Task.Run(() => files!.Peaks(stream, files.IsOpus(audio.Location), Parts, context.RequestAborted), context.RequestAborted).ConfigureAwait(false);
                return peaks is null ? throw Unreadable(audio, "it is no whole recording") : WaveformImage.Of(context, peaks);
            }
            finally
            {
                _one.Release();
            }
        }
    }

    private async Task<(CallRow Call, RecordedAudio Audio, Stream Stream)> OpenAsync(string id, string number, HttpContext context)
    {
        var call = await store.HistoryAsync(context, id).ConfigureAwait(false);
        var all = RecordedAudio.Of(call.Events);
        if (!int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out int wanted) || wanted < 1 || wanted > all.Count)
            throw ApiProblemException.NotFound(all.Count == 0 ? "The call has no recording." : $"The call has no recording '{PlainText.Of(number)}'; there are 1 to {all.Count}.");
        var audio = all[wanted - 1];
        if (files is null)
            throw new ApiProblemException(503, "Not available", "This process opens no recordings; ask one that has the configuration of the nodes.");
        var opened = files.Open(audio.Location);
        return opened.Place switch
        {
            RecordingPlace.Here => (call.Call, audio, opened.Audio!),
            RecordingPlace.Unreadable => throw Unreadable(audio, opened.Why),
            var place => throw ApiProblemException.NotFound($"Recording {audio.Number} cannot be heard here: {WhyNot(place, audio, call.Call.Node)}"),
        };
    }

    /// <summary>Why a recording cannot be heard here, for people.</summary>
    public static string WhyNot(RecordingPlace place, RecordedAudio audio, string node) => place == RecordingPlace.Outside
        ? $"its call says that it is {PlainText.Of(audio.Location)}, made by node {PlainText.Of(node)}; that is outside of this process's Media:Recordings, where alone it looks."
        : $"it was made by node {PlainText.Of(node)} as {PlainText.Of(audio.Location)}, and there is no such file here. Ask that node's console, or let nodes share the folder; it may have been deleted, too.";

    private static ApiProblemException Unreadable(RecordedAudio audio, string? why) => new(503, "Not readable", $"Recording {audio.Number} cannot be read: {PlainText.Of(why ?? "unknown")}");

    [LoggerMessage(Level = LogLevel.Information, Message = "'{Who}' hears recording {Number} of call {CallId} ({Range}).")]
    private partial void LogHeard(string who, int number, Guid callId, string range);
}
