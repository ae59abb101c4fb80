using System.Text;
using EventCalls.Contracts;
using EventCalls.Simulation.Forks;

namespace EventCalls.Simulation.Sipp;

/// <summary>Writes a recorded call as a folder of files that play it again with SIPp.</summary>
public static class SippFiles
{
    private static readonly UTF8Encoding s_utf8 = new(encoderShouldEmitUTF8Identifier: false);

    /// <summary>Writes the files; their names, in the order they are described.</summary>
    /// <param name="folder">A folder that exists.</param>
    /// <param name="recording">The call.</param>
    /// <param name="graceMs">How long after a BYE a report was waited for.</param>
    /// <param name="logic">The logic that decided; null when it is not kept.</param>
    public static IReadOnlyList<string> Write(string folder, Recording recording, int graceMs, LogicVersionLoaded? logic)
    {
        var endpoints = SippEndpoint.Of(recording);
        var written = new List<string>();
        Text("caller.xml", CallerScenario.Of(recording, graceMs));
        foreach (var endpoint in endpoints)
            Text($"target-{endpoint.FileName}.xml", TargetScenario.Of(endpoint, recording, graceMs));
        File.WriteAllBytes(Path.Combine(folder, "expected-events.json"), ExpectedEvents.Of(recording.Events));
        written.Add("expected-events.json");
        Text("run.sh", RunScript.Of(recording, endpoints));
        Text("README.md", RunScript.ReadmeOf(recording, endpoints, logic is not null));
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(Path.Combine(folder, "run.sh"), (UnixFileMode)0b111_101_101);
        if (logic is not null)
        {
            string sources = Directory.CreateDirectory(Path.Combine(folder, "logic")).FullName;
            StoredLogicFolder.WriteTo(sources, logic);
            written.AddRange(logic.Sources.Select(s => $"logic/{s.Path}"));
        }
        return written;

        void Text(string name, string text)
        {
            File.WriteAllText(Path.Combine(folder, name), text, s_utf8);
            written.Add(name);
        }
    }
}
