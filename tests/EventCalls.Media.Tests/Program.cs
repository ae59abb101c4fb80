namespace EventCalls.Media.Tests;

/// <summary>What the tests start as a process of its own, to kill it or to look into it.</summary>
internal static class Program
{
    private static int Main(string[] args) => args switch
    {
        ["record", var folder, var key] => Recording.RecordingChild.Record(folder, key),
        ["without-opus", var folder] => Recording.RecordingChild.WithoutOpus(folder),
        ["measure", var folder, var format] => Recording.RecordingChild.Measure(folder, format, null),
        ["measure", var folder, var format, var opus] => Recording.RecordingChild.Measure(folder, format, opus),
        _ => 2,
    };
}
