using EventCalls.Contracts;
using EventCalls.Import.Calls;
using EventCalls.Import.Captures;
using EventCalls.Testing;

namespace EventCalls.Import.Tests;

/// <summary>Reads a capture without a store.</summary>
internal static class Reading
{
    /// <summary>How many packets and calls there are, and what could not be read.</summary>
    public static (long Packets, int Calls, ImportProblems Problems) Of(byte[] bytes)
    {
        var (packets, calls, problems) = CallsOf(bytes);
        return (packets, calls.Count, problems);
    }

    /// <summary>The calls, with their events.</summary>
    public static (long Packets, List<IReadOnlyList<CallEvent>> Calls, ImportProblems Problems) CallsOf(byte[] bytes)
    {
        var problems = new ImportProblems { File = "x" };
        var calls = new List<IReadOnlyList<CallEvent>>();
        var perspective = new Perspective(null, [], []);
        var tracker = new CallTracker(perspective, problems, call => calls.Add(CallEventsBuilder.Build(call, perspective, "x")));
        var messages = new MessageReader(problems, tracker.Add);
        long packets = 0;
        using var reader = CaptureReader.Open(new MemoryStream(bytes), problems, CaptureBytes.Start);
        while (reader is not null && reader.TryRead(out var packet))
        {
            packets++;
            messages.Add(packet);
        }
        messages.End();
        foreach (var dialog in tracker.Remaining)
            tracker.Close(dialog);
        tracker.End();
        return (packets, calls, problems);
    }
}
