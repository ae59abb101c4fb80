using EventCalls.Contracts;
using EventCalls.Host.Commands;

namespace EventCalls.Host.Demo;

/// <summary>The machine-readable form of a demo's result; its members are fixed.</summary>
internal static class DemoJson
{
    public static void Write(TextWriter output, DemoResult result) => new JsonLines(output).WriteObject(json =>
    {
        json.WriteNumber("calls", result.Calls);
        json.WriteNumber("ended", result.Ended);
        json.WriteNumber("asExpected", result.AsExpected);
        json.WriteStartObject("outcomes");
        foreach (var (outcome, count) in result.Outcomes)
            json.WriteNumber(WireName.Of(outcome), count);
        json.WriteEndObject();
        json.WriteStartObject("flows");
        foreach (var (flow, count) in result.Flows)
            json.WriteNumber(flow, count);
        json.WriteEndObject();
        json.WriteString("store", result.Store);
        json.WriteString("logicVersion", result.LogicVersion);
    });
}
