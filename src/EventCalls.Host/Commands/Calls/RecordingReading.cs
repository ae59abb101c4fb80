using System.Text.Json;
using EventCalls.Contracts;
using EventCalls.Simulation.Forks;
using EventCalls.Store;

namespace EventCalls.Host.Commands.Calls;

/// <summary>Reads a stored call as a whole, for commands that play it; says what is in the way.</summary>
internal static class RecordingReading
{
    /// <summary>The call; null when it cannot be played, which is said.</summary>
    public static Recording? Read(CommandContext context, CallHistory call)
    {
        var events = new List<CallEvent>();
        foreach (var stored in call.Events)
        {
            try
            {
                events.Add(stored.Read());
            }
            catch (Exception e) when (e is NotSupportedException or JsonException)
            {
                context.Error.WriteLine($"Event {stored.Version} of the call, '{PlainText.Of(stored.Type)}', cannot be read, so the call cannot be played: {PlainText.Of(e.Message)}");
                return null;
            }
        }
        if (events is [CallStarted, ..])
            return Recording.Of(events);
        context.Error.WriteLine("The stream does not begin with the call's INVITE, so the call cannot be played.");
        return null;
    }
}
