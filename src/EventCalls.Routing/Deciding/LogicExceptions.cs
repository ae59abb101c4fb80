using System.Diagnostics;
using EventCalls.Contracts;
using EventCalls.Routing.Loading;

namespace EventCalls.Routing.Deciding;

/// <summary>Turns what logic threw into words, with the logic's own file and line.</summary>
internal static class LogicExceptions
{
    private const int MaxMessage = 1000;

    public static DecisionFailure Describe(CompiledLogic logic, Exception e)
    {
        var (file, line) = Place(logic, e);
        string place = file is null ? "" : $" ({file}:{line})";
        // What the logic decided names nothing: no different from an endpoint that is not configured.
        if (e is UnknownDestinationException)
            return new DecisionFailure(RoutingFailureCause.InvalidDecision, $"handoff.type: {e.Message}{place}") { File = file, Line = line };
        string what = $"{e.GetType().Name}: {MessageOf(e)}";
        return new DecisionFailure(RoutingFailureCause.LogicThrew, $"The logic threw {what}{place}")
        {
            ExceptionType = e.GetType().FullName,
            File = file,
            Line = line,
        };
    }

    private static (string? File, int? Line) Place(CompiledLogic logic, Exception e)
    {
        foreach (var frame in new StackTrace(e, fNeedFileInfo: true).GetFrames())
        {
            if (frame.GetFileName() is { } file && frame.GetMethod()?.Module.Assembly == logic.Loaded.Assembly)
                return (file, frame.GetFileLineNumber());
        }

        return (null, null);
    }

    // An exception class of the logic's own may override Message, and throw there.
    private static string MessageOf(Exception e)
    {
        try
        {
            string message = e.Message;
            return message.Length <= MaxMessage ? message : message[..MaxMessage] + "…";
        }
        catch (Exception)
        {
            return "(its message threw as well)";
        }
    }
}
