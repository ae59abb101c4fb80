using System.Text.RegularExpressions;
using EventCalls.Contracts;
using EventCalls.Routing.Decisions;

namespace EventCalls.Routing.Tests;

/// <summary>docs/seed-compatibility.md has a row for every name, and the rows say what is so.</summary>
public sealed partial class SeedCompatibilityTests
{
    private static readonly HashSet<string> s_names = [.. Rows().SelectMany(row => Name().Matches(row.Split('|')[1]).Select(m => m.Groups[1].Value))];

    [Fact]
    public void Every_method_and_parameter_of_a_decision_has_a_row() => Assert.Empty(
        Enum.GetValues<HandoffMethod>()
            .SelectMany(method => HandoffFields.Of(method).Select(field => $"{WireName.Of(method)}.{field.Name}").Prepend(WireName.Of(method)))
            .Except(s_names));

    [Fact]
    public void Every_field_that_the_parser_knows_has_a_row()
    {
        string source = Read("src/EventCalls.Routing/Decisions/DecisionReader.cs");
        var known = Case().Matches(source).SelectMany(m => Quoted().Matches(m.Value).Select(q => q.Groups[1].Value)).Concat(["utterance", "content", "listen", "variant"]).Distinct().ToList();

        Assert.Contains("hangup", known);
        Assert.Contains("type", known);
        Assert.DoesNotContain(known, name => !s_names.Contains(name) && !s_names.Contains($"handoff.{name}"));
    }

    [Fact]
    public void Every_attribute_of_conv_in_Python_has_a_row()
    {
        string shim = Read("docs/examples/python-functions/conv.py");
        string conversation = shim[shim.IndexOf("class Conversation", StringComparison.Ordinal)..];
        var offered = Attribute().Matches(conversation).Select(m => m.Groups[1].Value)
            .Concat(Method().Matches(conversation).Select(m => m.Groups[1].Value))
            .Except(["posted", "next_flow", "handoff", "last_transfer", "changes"])
            .Distinct()
            .ToList();

        Assert.Contains("sip_headers", offered);
        Assert.DoesNotContain(offered, name => !s_names.Contains($"conv.{name}"));
    }

    [Theory]
    [InlineData("sip_headers")]
    [InlineData("caller_number")]
    [InlineData("callee_number")]
    [InlineData("state")]
    [InlineData("goto_flow")]
    [InlineData("exit_flow")]
    [InlineData("current_flow")]
    [InlineData("id")]
    [InlineData("call_handoff")]
    public void Every_attribute_of_the_original_has_a_row(string name) => Assert.Contains($"conv.{name}", s_names);

    [Fact]
    public void Every_row_of_a_field_of_a_decision_is_one_the_parser_knows()
    {
        foreach (string name in s_names.Where(n => !n.StartsWith("conv.", StringComparison.Ordinal) && n != "invite.outbound_encryption"))
        {
            string[] path = name.Split('.');
            string value = path[^1] is "hangup" or "record" ? "true" : path[^1] is "state" or "sip_headers" or "handoff" or "invite" or "refer" or "bye" or "redirect" or "reject" ? "{}"
                : path[^1] is "contacts" ? "[]" : path[^1] is "fallbacks" ? "[]" : path[^1] is "status" or "ring_timeout" or "notify_timeout" ? "400" : "\"a\"";
            string json = $"\"{path[^1]}\":{value}";
            if (path.Length == 2 || WireName.TryParse<HandoffMethod>(path[0], out _))
                json = path[0] == "handoff" ? $"\"handoff\":{{\"type\":\"x\",{json}}}" : path.Length == 1 ? $"\"handoff\":{{\"type\":\"x\",{json}}}" : $"\"handoff\":{{\"type\":\"x\",\"{path[0]}\":{{{json}}}}}";
            if (name == "handoff.type")
                json = "\"handoff\":{\"type\":\"x\"}";

            Assert.True(DecisionJson.TryRead($"{{{json}}}", out _, out string? error, SpeechUse.Ignore), $"{name}: {error}");
        }
    }

    private static IEnumerable<string> Rows() => Read("docs/seed-compatibility.md").Split("## Around it")[0].Split('\n').Where(line => line.StartsWith("| `", StringComparison.Ordinal));

    private static string Read(string path)
    {
        string? folder = AppContext.BaseDirectory;
        while (folder is not null && !File.Exists(Path.Combine(folder, "EventCalls.sln")))
            folder = Path.GetDirectoryName(folder);
        return File.ReadAllText(Path.Combine(folder!, path));
    }

    [GeneratedRegex("`([a-z_.]+)`")]
    private static partial Regex Name();

    [GeneratedRegex("^ +case \"[^:\\n]*", RegexOptions.Multiline)]
    private static partial Regex Case();

    [GeneratedRegex("\"([a-z_]+)\"")]
    private static partial Regex Quoted();

    [GeneratedRegex("^        self\\.([a-z][a-z_]*)", RegexOptions.Multiline)]
    private static partial Regex Attribute();

    [GeneratedRegex("^    def ([a-z][a-z_]*)", RegexOptions.Multiline)]
    private static partial Regex Method();
}
