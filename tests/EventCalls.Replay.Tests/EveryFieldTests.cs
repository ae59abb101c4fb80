using System.Text.Json;
using EventCalls.Contracts;
using EventCalls.Replay.Calls;
using EventCalls.Replay.Comparing;
using EventCalls.Routing.Decisions;

namespace EventCalls.Replay.Tests;

/// <summary>Whatever parameter a handoff has: a decision that differs in it is not called the same, and says in which.</summary>
public sealed class EveryFieldTests
{
    public static TheoryData<string, HandoffMethod> Fields
    {
        get
        {
            var all = new TheoryData<string, HandoffMethod>();
            foreach (var one in HandoffFields.All)
            {
                foreach (var method in Enum.GetValues<HandoffMethod>().Where(one.IsOf))
                    all.Add(one.Name, method);
            }
            return all;
        }
    }

    [Theory]
    [MemberData(nameof(Fields))]
    public void A_step_that_differs_in_one_field_is_reported(string name, HandoffMethod method)
    {
        var field = HandoffFields.All.Single(f => f.Name == name);
        var was = Step(method, 1);

        var change = Assert.Single(Changes([was], [field.With(was, Value(field, 2))]));

        string expected = field.IsTarget ? method == HandoffMethod.Refer && name == "phone_number" ? "referred_by" : "target"
            : field.Kind == HandoffValue.Headers ? "headers.X-1" : field.ComparedAs;
        Assert.Equal(expected, change.Field);
        Assert.NotEqual(change.Was, change.Now);
    }

    [Theory]
    [MemberData(nameof(Fields))]
    public void A_fallback_that_differs_in_one_field_is_reported_and_shown_with_it(string name, HandoffMethod method)
    {
        var field = HandoffFields.All.Single(f => f.Name == name);
        var first = Step(HandoffMethod.Invite, 1);
        var was = Step(method, 1);

        var change = Assert.Single(Changes([first, was], [first, field.With(was, Value(field, 2))]));

        Assert.Equal("fallbacks", change.Field);
        Assert.NotEqual(change.Was, change.Now);
    }

    [Fact]
    public void A_state_and_a_flow_that_differ_are_reported()
    {
        Handoff[] steps = [Step(HandoffMethod.Invite, 1)];
        Assert.Equal(["flow"], Changes(steps, steps, otherwise: d => d with { Flow = "other" }).Select(c => c.Field));
        Assert.Equal(["state.a"], Changes(steps, steps, otherwise: d => d with { State = new Dictionary<string, JsonElement> { ["a"] = JsonSerializer.SerializeToElement(1) } }).Select(c => c.Field));
        Assert.Equal(["handoff.reason"], Changes(steps, steps, otherwise: d => d with { Reason = "queue_full" }).Select(c => c.Field));
        Assert.Equal(["fallbacks"], Changes(steps, [.. steps, .. steps]).Select(c => c.Field));
        Assert.Equal(["handoff"], Changes(steps, []).Select(c => c.Field));
    }

    [Theory]
    [MemberData(nameof(Fields))]
    public void A_decision_is_written_and_read_back_with_the_field(string name, HandoffMethod method)
    {
        var field = HandoffFields.All.Single(f => f.Name == name);
        var step = field.With(Step(method, 1), Value(field, 2));

        Assert.True(DecisionJson.TryRead(DecisionJson.Write(new DecisionDocument { Steps = [step] }), out var read, out var error), error);

        Assert.True(HandoffFields.Same(step, Assert.Single(read!.Steps)));
    }

    private static List<FieldChange> Changes(Handoff[] was, Handoff[] now, Func<Decided, Decided>? otherwise = null)
    {
        List<FieldChange>? changes = null;
        var candidate = Decided(now);
        DecisionDiff.Add(0, Decided(was), otherwise?.Invoke(candidate) ?? candidate, isImported: false, ref changes);
        return changes ?? [];
    }

    private static Decided Decided(Handoff[] steps) => new() { Flow = "support", State = new Dictionary<string, JsonElement>(), Steps = steps };

    private static Handoff Step(HandoffMethod method, int n) =>
        HandoffFields.Of(method).Aggregate(new Handoff { Method = method }, (step, field) => field.With(step, Value(field, n)));

    private static object Value(HandoffField field, int n) => field.Kind switch
    {
        HandoffValue.Number => Math.Max(field.Least, 400) + n,
        HandoffValue.Flag => n == 2,
        HandoffValue.Text when field.Words.Count > 0 => field.Words[n % field.Words.Count],
        HandoffValue.Texts => new[] { $"sip:{field.Name}@a.example", $"sip:{n}@a.example" },
        HandoffValue.Headers => new[] { new SipHeader("X-1", $"{n}"), new SipHeader("X-0", "same") },
        _ => $"{field.Name}-{n}",
    };
}
