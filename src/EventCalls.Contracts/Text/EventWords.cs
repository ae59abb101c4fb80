using System.Globalization;
using System.Text.Json;

namespace EventCalls.Contracts;

/// <summary>Says in words what an event says: the first line what happened, the others what belongs to it.</summary>
public static class EventWords
{
    private const int MostOfAValue = 60;

    /// <summary>The lines, safe to show.</summary>
    public static IReadOnlyList<string> Of(CallEvent e)
    {
        IEnumerable<string> lines = e switch
        {
            CallStarted x => Begun(x),
            CallAnswered x => [x.Leg == "caller" ? "the caller is answered" : "the target answered"],
            FlowSelected x => Flow(x),
            ReferReceived x => Refer(x),
            HandoffRequested x => Handoff(x),
            RoutingFailed x => [$"routing failed, {WireName.Of(x.Cause)}", x.Message, $"default taken: {x.DefaultTaken}", $"logic {LogicVersionName.Short(x.LogicVersion)}"],
            RoutingTimedOut x => [$"no decision within {x.DeadlineMs} ms", $"default taken: {x.DefaultTaken}"],
            TransferStarted x => [Started(x), .. x.HeadersSent.Select(h => $"{h.Name}: {h.Value}")],
            TransferProgressed x => [x.Source == "notify" ? $"reported: {StatusLineText.Of(x.AsReceived) ?? "nothing readable"}" : StatusLineText.Of(x.AsReceived) ?? Status(x.Status, null)],
            TransferCompleted x => Completed(x),
            TransferFailed x => [$"transfer failed, {WireName.Of(x.Outcome)}: {Evidence(x.Evidence)}", .. Headers(x.Evidence), x.Final ? "no step is left" : "the next step is tried"],
            RecordingStored x => Recording(x),
            RecordingFailed x => ["recording failed", x.Why, x.Location is { } kept ? $"{Seconds(x.DurationMs)} of it are in {kept}" : "nothing of it is left"],
            RecordingPaused x => [x.Paused ? "recording paused" : "recording goes on", x.By is { } by ? $"by {by}" : "as the handoff says"],
            RecordingDiscarded x => [$"recording of {Seconds(x.DurationMs)} deleted", $"by {x.By}"],
            RecordingStreamed x => [$"sent to a recorder for {Seconds(x.DurationMs)}", x.Recorder, $"session {x.SessionId}"],
            MonitorStarted x => [$"{x.Target} hears the call{Monitoring(x.Mode, x.Side)}", $"by {x.By}", x.OutboundEndpoint is { } endpoint ? $"called by way of {endpoint}" : ""],
            MonitorChanged x => [$"who monitors the call {(x.Mode == MonitorMode.Listen ? "only hears it now" : $"speaks now{Monitoring(x.Mode, x.Side)}")}", $"by {x.By}"],
            MonitorEnded x => [x.DurationMs is { } ms ? $"{x.Target} heard the call for {Seconds(ms)}" : $"{x.Target} did not come to hear the call", MonitorEnd(x), $"asked for by {x.By}"],
            MediaStatistics x => Media(x),
            DtmfReceived x => [$"{(x.Leg is { } leg ? $"the {leg} pressed" : "digit")} {(x.Digit.Length == 1 ? x.Digit : "what is withheld")}{(x.DurationMs is { } ms ? $", {ms} ms" : "")}"],
            StateChanged x => ["state changed", State(x.Changes)],
            CommandTaken x => Command(x),
            CallEnded x => Ended(x),
            _ => [CallEventNames.Of(e)],
        };
        return [.. lines.Where(line => line.Length > 0).Select(PlainText.Of)];
    }

    /// <summary>A status with its phrase: <c>486 Busy Here</c>.</summary>
    public static string Status(int? status, string? phrase) =>
        PlainText.Of(string.Create(CultureInfo.InvariantCulture, $"{status} {phrase}").Trim());

    /// <summary>Milliseconds as seconds.</summary>
    public static string Seconds(long milliseconds) => string.Create(CultureInfo.InvariantCulture, $"{milliseconds / 1000.0:0.000} s");

    private static IEnumerable<string> Begun(CallStarted x)
    {
        yield return x.RemoteEndPoint.Length > 0 ? $"call on trunk {x.Trunk} from {x.RemoteEndPoint} ({x.Transport})" : $"call on trunk {x.Trunk}";
        if (x.RequestUri.Length > 0)
            yield return $"to {x.RequestUri}";
        if (x.Identity is { Count: > 0 } identity)
            yield return $"identity: {string.Join(", ", identity)}";
        if (x.ImportedFrom is { } file)
            yield return $"imported from {file}";
    }

    private static IEnumerable<string> Flow(FlowSelected x)
    {
        yield return $"flow {x.Flow}";
        yield return string.Create(CultureInfo.InvariantCulture, $"decided by {x.DecidedBy} in {x.DecisionMicroseconds / 1000.0:0.0} ms");
        yield return $"logic {LogicVersionName.Short(x.LogicVersion)}";
        if (x.State.Count > 0)
            yield return $"state: {State(x.State)}";
        foreach (var lookup in x.Inputs?.Lookups ?? [])
            yield return FetchAnswer.IsFetch(lookup.Name)
                ? $"fetched {lookup.Name[FetchAnswer.Prefix.Length..]}[{lookup.Key}]: {FetchAnswer.Of(lookup).ToWords()}"
                : $"looked up {lookup.Name}[{lookup.Key}]: {lookup.Value ?? "not found"}";
        foreach (string line in x.Log ?? [])
            yield return $"noted: {line}";
        foreach (var metric in x.Metrics ?? [])
            yield return string.Create(CultureInfo.InvariantCulture, $"figure {metric.Name}: {metric.Value}");
    }

    private static IEnumerable<string> Recording(RecordingStored x)
    {
        yield return $"recording of {Seconds(x.DurationMs)} stored";
        yield return x.Location;
        if (x.PausedMs is { } paused and > 0)
            yield return $"paused for {Seconds(paused)} of it";
        if (x.Dropped is { } dropped and > 0)
            yield return $"{dropped} packets are silence in it: the disk was too slow";
    }

    private static string Monitoring(MonitorMode mode, string? side) => mode switch
    {
        MonitorMode.Whisper => $", and the {side} hears them",
        MonitorMode.Join => ", and both sides hear them",
        _ => "",
    };

    private static string MonitorEnd(MonitorEnded x) => x.Cause switch
    {
        MonitorEndCause.HungUp => "they hung up",
        MonitorEndCause.Command => $"a command ended it{(x.Detail is { } by ? $", by {by}" : "")}",
        MonitorEndCause.CallEnded => "the call ended",
        _ => x.Detail ?? WireName.Of(x.Cause),
    };

    private static IEnumerable<string> Media(MediaStatistics x)
    {
        yield return x.Mos is { } heard ? $"the {x.Leg} could be heard: {HearingWords.Of(heard)}" : $"nothing was heard of the {x.Leg}";
        yield return $"{x.Received} packets received, {x.Lost} lost, {x.Sent} sent";
        if (x.Mos is { } mos)
            yield return string.Create(CultureInfo.InvariantCulture, $"about {mos:0.0} of 4.5 (MOS){(x.Codec is { } codec ? $", {codec}" : "")}{(x.JitterMs is { } jitter ? $", jitter {jitter:0.0} ms" : "")}");
        if (x.Ignored > 0)
            yield return $"{x.Ignored} datagrams of others ignored";
    }

    private static IEnumerable<string> Refer(ReferReceived x)
    {
        yield return $"the {x.Leg} refers to {x.ReferTo}";
        if (x.ReferredBy is { } by)
            yield return $"Referred-By: {by}";
        yield return x.Status is >= 200 and < 300 ? $"policy: {WireName.Of(x.Policy)}" : $"refused with {x.Status}";
    }

    private static IEnumerable<string> Handoff(HandoffRequested x)
    {
        var by = x.RequestedBy switch
        {
            Requester.Router => "the router",
            Requester.Api => "the API",
            Requester.Import => "us, as it was seen",
            Requester.Caller => "the caller",
            Requester.Target => "the target",
            _ => WireName.Of(x.RequestedBy),
        };
        yield return $"handoff by {by}";
        if (x.Steps.Count == 0)
            yield return HandoffWords.Of(x.Steps);
        for (int i = 0; i < x.Steps.Count; i++)
            yield return $"{(i == 0 ? "" : "else ")}{Step(x.Steps[i])}";
    }

    private static IEnumerable<string> Command(CommandTaken x)
    {
        var what = x.Kind switch
        {
            CommandKind.Handoff => "hand it off",
            CommandKind.State => "change the state",
            CommandKind.Flow => $"go to the flow {x.Flow}",
            CommandKind.Hangup => "end it",
            CommandKind.Recording => $"{(x.Recording is { } change ? WireName.Of(change) : "change")} the recording",
            CommandKind.Monitor => x.Monitor switch
            {
                { Action: MonitorAction.Start } monitor => $"have {monitor.Target} monitor it{(monitor.Mode is { } mode ? $" ({WireName.Of(mode)})" : "")}",
                { Action: MonitorAction.Change, Mode: { } mode } => $"have who monitors it {WireName.Of(mode)}",
                _ => "end the monitoring",
            },
            _ => WireName.Of(x.Kind),
        };
        // Where only one line is shown, it says who.
        yield return $"command: {what}, by {x.By}";
        if (x.Reason is { } reason)
            yield return $"reason: {reason}";
    }

    private static string Step(Handoff step)
    {
        var text = HandoffWords.Of(step);
        if (step.OutboundCallerId is { } id)
            text += $" as {id}";
        if (step.Media is { } media)
            text += $", media {media}";
        if (step.Record is { } record)
            text += record ? ", recorded" : ", not recorded";
        if (step.Reason is { } reason)
            text += $" ({reason})";
        return text;
    }

    private static string Started(TransferStarted x)
    {
        var text = $"attempt {x.Attempt}: {WireName.Of(x.Method)} {x.Target}".TrimEnd();
        if (x.Trunk is { } trunk)
            text += $" via {trunk}";
        return x.CallerId is { } id ? $"{text} {(x.Method == HandoffMethod.Refer ? "for" : "as")} {id}" : text;
    }

    private static IEnumerable<string> Completed(TransferCompleted x)
    {
        yield return $"transfer {WireName.Of(x.Outcome)}: {Evidence(x.Evidence)}";
        if (x.AnsweredBy is { } who)
            yield return $"by {who}";
        if (x.PostDialDelayMs is { } delay)
            yield return $"post-dial delay {Seconds(delay)}";
        foreach (var header in Headers(x.Evidence))
            yield return header;
    }

    private static IEnumerable<string> Ended(CallEnded x)
    {
        if (x.Cause == CallEndCause.NotSeen)
        {
            yield return "how it ended was not seen";
            yield return x.AnsweredMs is { } heard ? $"last heard of after {Seconds(x.DurationMs)}, answered for {Seconds(heard)}" : $"last heard of after {Seconds(x.DurationMs)}";
            yield break;
        }
        var by = x.EndedBy switch { CallParty.Caller => "the caller", CallParty.Target => "the target", CallParty.Api => "the API", _ => "us" };
        yield return $"ended by {by}: {WireName.Of(x.Cause)}";
        yield return x.AnsweredMs is { } answered
            ? $"after {Seconds(x.DurationMs)}, answered for {Seconds(answered)}"
            : $"after {Seconds(x.DurationMs)}, not answered";
        if (x.Status is { } status)
            yield return $"the caller got {status}";
        if (x.Reason is { } reason)
            yield return $"Reason: {reason}";
    }

    private static string Evidence(SipEvidence e)
    {
        var said = Status(e.Status, e.ReasonPhrase);
        return e.Source switch
        {
            "record" => $"the record says {said}",
            "notify" => $"NOTIFY said {(said.Length == 0 ? "nothing final" : said)}",
            "local" => Status(null, e.ReasonPhrase) + (e.Status is { } status ? $", {status}" : ""),
            _ => said,
        };
    }

    private static IEnumerable<string> Headers(SipEvidence e)
    {
        (string Name, string? Value)[] headers =
            [("Reason", e.Reason), ("Retry-After", e.RetryAfter), ("Warning", e.Warning), ("Contact", e.Contact), ("Subscription-State", e.SubscriptionState)];
        return headers.Where(h => h.Value is not null).Select(h => $"{h.Name}: {h.Value}");
    }

    private static string State(IReadOnlyDictionary<string, JsonElement> state) =>
        string.Join("; ", state.Select(x => $"{x.Key} = {TextLayout.Cut(x.Value.ValueKind == JsonValueKind.String ? x.Value.GetString()! : x.Value.GetRawText(), MostOfAValue)}"));
}
