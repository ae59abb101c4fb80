using System.Text.Json;
using EventCalls.Console.Problems;
using EventCalls.Contracts;

namespace EventCalls.Console.Commands;

/// <content>What is asked of the monitoring of a call.</content>
internal static partial class CommandBodies
{
    /// <summary>The fields of the body that asks for a monitor.</summary>
    public static readonly string[] MonitorFields = ["target", "outbound_endpoint", "mode", "side", "reason"];

    /// <summary>The fields of the body that changes one.</summary>
    public static readonly string[] ChangedMonitorFields = ["mode", "side", "reason"];

    private const int MaxTarget = 1024;
    private const string TargetSide = "target";
    private static readonly string[] s_sides = ["caller", TargetSide];

    /// <summary><c>{"target": "sip:…", "outbound_endpoint": NAME, "mode": "listen" | "whisper" | "join", "side": "target" | "caller"}</c>; who is named only hears, where no mode is given.</summary>
    public static CallCommand Monitor(JsonElement body, CallCommand command)
    {
        Only(body, MonitorFields);
        string target = Text(body, "target", MaxTarget) ?? throw ApiProblemException.Invalid("target", "target: is missing; give the number or the SIP URI of who is to hear the call.");
        return command with
        {
            Kind = CommandKind.Monitor,
            Reason = Reason(body),
            Monitor = Said(body, new MonitorChange
            {
                Action = MonitorAction.Start,
                // Given again with the same key it is the same one.
                MonitorId = command.CommandId,
                Target = target,
                OutboundEndpoint = Text(body, "outbound_endpoint", MaxTarget),
                Mode = MonitorMode.Listen,
            }),
        };
    }

    /// <summary><c>{"mode": …, "side": …}</c>, as for one that is started.</summary>
    public static CallCommand ChangedMonitor(string monitor, JsonElement body, CallCommand command)
    {
        Only(body, ChangedMonitorFields);
        if (!body.TryGetProperty("mode", out _))
            throw ApiProblemException.Invalid("mode", $"mode: is missing; give one of {string.Join(", ", WireName.All<MonitorMode>())}.");
        return command with { Kind = CommandKind.Monitor, Reason = Reason(body), Monitor = Said(body, new MonitorChange { Action = MonitorAction.Change, MonitorId = MonitorId(monitor) }) };
    }

    /// <summary>Nothing, or a <c>reason</c>.</summary>
    public static CallCommand EndedMonitor(string monitor, JsonElement body, CallCommand command)
    {
        Only(body, ReasonFields);
        return command with { Kind = CommandKind.Monitor, Reason = Reason(body), Monitor = new MonitorChange { Action = MonitorAction.End, MonitorId = MonitorId(monitor) } };
    }

    private static MonitorChange Said(JsonElement body, MonitorChange monitor)
    {
        if (Text(body, "mode", MaxTarget) is { } mode)
        {
            monitor = WireName.TryParse<MonitorMode>(mode, out var read)
                ? monitor with { Mode = read }
                : throw ApiProblemException.Invalid("mode", $"mode: expected one of {string.Join(", ", WireName.All<MonitorMode>())}.");
        }
        string? side = Text(body, "side", MaxTarget);
        if (side is not null && (monitor.Mode != MonitorMode.Whisper || !s_sides.Contains(side)))
            throw ApiProblemException.Invalid("side", $"side: expected {string.Join(" or ", s_sides)}, with the mode whisper only.");
        return monitor.Mode == MonitorMode.Whisper ? monitor with { Side = side ?? TargetSide } : monitor;
    }

    private static Guid MonitorId(string text) => Guid.TryParse(text, out var id)
        ? id
        : throw new ApiProblemException(404, "No such monitor", $"'{PlainText.Of(text)}' is no id of a monitor.");

    private static string? Text(JsonElement body, string field, int most)
    {
        if (!body.TryGetProperty(field, out var given))
            return null;
        return given.GetString() is { Length: > 0 } text && text.Length <= most
            ? text
            : throw ApiProblemException.Invalid(field, $"{field}: expected a text of 1 to {most} characters.");
    }
}
