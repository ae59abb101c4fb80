using System.Text.Json;
using EventCalls.Routing.Deciding;

namespace EventCalls.Routing.Tests.Deciding;

public sealed class CanonicalStateTests
{
    [Theory]
    [InlineData("""{ "b": 1,  "a": [1, 2] }""", """{"a":[1,2],"b":1}""")]
    [InlineData("""{"a":1,"a":2}""", """{"a":2}""")]
    [InlineData("""[ {"b":"é","a":null} ]""", """[{"a":null,"b":"é"}]""")]
    [InlineData("1e2", "100")]
    [InlineData("1.50e1", "15.0")]
    [InlineData("25E-3", "0.025")]
    [InlineData("-12.5e0", "-12.5")]
    [InlineData("-0.0", "0.0")]
    [InlineData("1e999999999", "1e999999999")]
    [InlineData("1e99999999999999999999", "1e99999999999999999999")]
    [InlineData("1.50", "1.50")]
    [InlineData("true", "true")]
    [InlineData("\"1e2\"", "\"1e2\"")]
    public void A_value_has_one_form_however_it_was_kept(string kept, string shown) =>
        Assert.Equal(shown, CanonicalState.Of(State(("a", kept)))["a"].GetRawText());

    [Theory]
    [InlineData("1.50e1", "15.0")]
    [InlineData("-1e-7", "-0.0000001")]
    [InlineData("123.456e1", "1234.56")]
    [InlineData("0e5", "0")]
    public void The_form_of_a_number_is_a_databases_own(string kept, string database) =>
        Assert.Equal(CanonicalState.Of(State(("a", database)))["a"].GetRawText(), CanonicalState.Of(State(("a", kept)))["a"].GetRawText());

    [Fact]
    public void The_names_come_in_order() =>
        Assert.Equal(["B", "a", "aa", "b"], CanonicalState.Of(State(("b", "1"), ("a", "1"), ("B", "1"), ("aa", "1"))).Keys);

    [Fact]
    public void A_state_that_has_the_form_is_not_copied()
    {
        var state = State(("a", "\"text\""), ("b", "12.5"));

        Assert.Same(state, CanonicalState.Of(state));
    }

    [Fact]
    public void Text_that_is_not_Unicode_is_left_as_it_is()
    {
        var state = CanonicalState.Of(State(("a", """["\ud800"]""")));

        Assert.Equal("""["\ud800"]""", state["a"].GetRawText());
    }

    [Fact]
    public void Every_question_has_its_state_in_this_form()
    {
        var request = DecisionRequest.For(Calls.Started()) with { State = State(("b", """{ "d": 1, "c": 2 }"""), ("a", "1e1")) };

        Assert.Equal("""a=10 b={"c":2,"d":1}""", string.Join(' ', request.State.Select(s => $"{s.Key}={s.Value.GetRawText()}")));
    }

    private static Dictionary<string, JsonElement> State(params (string Key, string Json)[] values) =>
        values.ToDictionary(v => v.Key, v => JsonDocument.Parse(v.Json).RootElement, StringComparer.Ordinal);
}
