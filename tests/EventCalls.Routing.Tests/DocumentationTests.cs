using System.Buffers;
using System.Text.Json;
using System.Text.RegularExpressions;
using EventCalls.Contracts;
using EventCalls.Routing.Deciding;
using EventCalls.Routing.Decisions;
using EventCalls.Routing.Kit;
using EventCalls.Routing.Webhook;

namespace EventCalls.Routing.Tests;

/// <summary>What docs/routing-logic.md shows is so.</summary>
public sealed partial class DocumentationTests
{
    private static readonly IReadOnlyList<(string Language, string Text)> s_samples = Samples("routing-logic.md");

    [Fact]
    public void Every_sample_of_logic_compiles()
    {
        var samples = s_samples.Where(s => s.Language == "csharp").ToList();

        Assert.True(samples.Count >= 6);
        foreach (var (_, text) in samples)
        {
            bool whole = text.Contains(": RoutingLogic", StringComparison.Ordinal);
            using var logic = Logics.Load(whole ? text : Logics.Start($"{text}\nreturn Handoff.Bye();"));
        }
    }

    [Theory]
    [InlineData("sessions.md")]
    [InlineData("refer.md")]
    [InlineData("handoffs.md")]
    [InlineData("trunks.md")]
    public void Every_sample_of_logic_in_another_document_compiles(string document)
    {
        foreach (var (_, text) in Samples(document).Where(s => s.Language == "csharp"))
        {
            using var logic = Logics.Load(
                text.Contains(": RoutingLogic", StringComparison.Ordinal) ? text
                : text.Contains("public override", StringComparison.Ordinal) ? $"public sealed class Line : RoutingLogic {{ {text} }}"
                : text.Contains("return ", StringComparison.Ordinal) ? Logics.Start(text)
                : Logics.Start($"return {text.TrimEnd().TrimEnd(';')};"));
        }
    }

    [Fact]
    public void Every_decision_shown_can_be_read_and_carried_out()
    {
        var samples = s_samples.Where(s => s.Text.Contains("\"handoff\"", StringComparison.Ordinal) && !IsCases(s.Text)).ToList();

        Assert.NotEmpty(samples);
        foreach (var (_, text) in samples)
        {
            Assert.True(DecisionJson.TryRead(text, out var document, out string? error), error);
            Assert.True(DecisionValidation.TryCheck(document!.Steps, new HashSet<string> { "pstn" }, out _, out error), error);
        }
    }

    [Fact]
    public void The_conversation_shown_has_the_fields_a_webhook_gets()
    {
        var shown = JsonDocument.Parse(s_samples.Single(s => s.Text.Contains("\"last_transfer\"", StringComparison.Ordinal)).Text).RootElement;
        var buffer = new ArrayBufferWriter<byte>();

        ConversationJson.Write(buffer, DecisionRequest.For(Calls.Reroute(TransferOutcome.Busy, 486)));

        var sent = JsonDocument.Parse(buffer.WrittenMemory).RootElement;
        Assert.Equal(Names(sent), Names(shown));
        Assert.Equal(Names(sent.GetProperty("last_transfer")), Names(shown.GetProperty("last_transfer")));

        static IEnumerable<string> Names(JsonElement json) => json.EnumerateObject().Select(p => p.Name);
    }

    [Fact]
    public void The_cases_shown_can_be_read_and_pass()
    {
        using var folder = new TempFolder();
        folder.Write("line.cs", Logics.Start("return Handoff.Reject(404);", """
            public override Decision TransferFailed(Conversation conv) => conv.GotoFlow("voicemail");
            [Flow("voicemail")] public Decision Voicemail(Conversation conv) => Handoff.Invite("4800");
            """));
        folder.Write("cases/shown.json", Assert.Single(s_samples, s => IsCases(s.Text)).Text);

        var result = LogicCases.Run(folder.Path, null, TimeProvider.System, CancellationToken.None);

        Assert.Null(result.Error);
        Assert.True(result.Ok);
    }

    [Fact]
    public void The_defaults_shown_are_defaults()
    {
        var settings = s_samples.Where(s => s.Language == "jsonc" && !IsCases(s.Text)).Select(s => JsonDocument.Parse(s.Text).RootElement).ToList();

        var json = Assert.Single(settings, s => s.GetProperty("EventCalls").TryGetProperty("Routing", out var routing) && routing.TryGetProperty("Default", out _));
        Assert.Equal("reject 480", DefaultDecision.Parse(json.GetProperty("EventCalls").GetProperty("Routing").GetProperty("Default")).ToString());
    }

    [Fact]
    public void The_refusal_shown_is_the_one_given()
    {
        var check = Logics.Compile(Logics.Start("var now = DateTime.UtcNow; return Handoff.Bye();"));

        string message = Assert.Single(check.Diagnostics).ToString();
        Assert.Contains(s_samples, s => s.Text.Contains(message[message.IndexOf(':', StringComparison.Ordinal)..], StringComparison.Ordinal));
    }

    private static bool IsCases(string sample) => sample.Contains("\"cases\"", StringComparison.Ordinal);

    private static List<(string Language, string Text)> Samples(string document)
    {
        string? folder = AppContext.BaseDirectory;
        while (folder is not null && !File.Exists(Path.Combine(folder, "EventCalls.sln")))
            folder = Path.GetDirectoryName(folder);
        return [.. Fence().Matches(File.ReadAllText(Path.Combine(folder!, "docs", document))).Select(m => (m.Groups[1].Value, m.Groups[2].Value))];
    }

    [GeneratedRegex("^```(\\w*)\\n(.*?)^```", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Fence();
}
