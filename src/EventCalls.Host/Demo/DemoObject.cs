using EventCalls.Contracts;

namespace EventCalls.Host.Demo;

/// <summary>A demo's result as one JSON object; the names of the members are a promise (docs/command-line.md).</summary>
/// <param name="result">What it came to.</param>
internal sealed class DemoObject(DemoResult result)
{
    public int Calls => result.Calls;

    public int Ended => result.Ended;

    public int AsExpected => result.AsExpected;

    public IReadOnlyDictionary<string, int> Outcomes => new OrderedDictionary<string, int>(result.Outcomes.Select(o => KeyValuePair.Create(WireName.Of(o.Key), o.Value)));

    public IReadOnlyDictionary<string, int> Flows => new OrderedDictionary<string, int>(result.Flows);

    public string Store => result.Store;

    public string LogicVersion => result.LogicVersion;
}
