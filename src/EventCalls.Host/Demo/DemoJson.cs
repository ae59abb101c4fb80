using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace EventCalls.Host.Demo;

/// <summary>The machine-readable form of a demo's result; its members are fixed.</summary>
internal static class DemoJson
{
    public static string Of(DemoResult result)
    {
        using var bytes = new MemoryStream();
        using (var json = new Utf8JsonWriter(bytes, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            json.WriteStartObject();
            json.WriteNumber("calls", result.Calls);
            json.WriteNumber("ended", result.Ended);
            json.WriteNumber("asExpected", result.AsExpected);
            json.WriteStartObject("outcomes");
            foreach (var (outcome, count) in result.Outcomes)
                json.WriteNumber(StoredWord.Of(outcome), count);
            json.WriteEndObject();
            json.WriteStartObject("flows");
            foreach (var (flow, count) in result.Flows)
                json.WriteNumber(flow, count);
            json.WriteEndObject();
            json.WriteString("store", result.Store);
            json.WriteString("logicVersion", result.LogicVersion);
            json.WriteEndObject();
        }
        return Encoding.UTF8.GetString(bytes.ToArray());
    }
}
