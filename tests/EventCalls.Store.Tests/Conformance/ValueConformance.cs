using EventCalls.Contracts;
using EventCalls.Store.Steering;

namespace EventCalls.Store.Tests.Conformance;

/// <summary>What operators set for routing logic, and what it was before.</summary>
public abstract class ValueConformance(ICallStoreFixture fixture) : ConformanceBase(fixture)
{
    private static readonly DateTimeOffset s_noon = new(2025, 3, 1, 12, 0, 0, TimeSpan.Zero);

    private IValueRecord Record => (IValueRecord)Store;

    [Fact]
    public async Task Before_the_first_change_there_is_nothing_and_who_knows_that_is_told_nothing()
    {
        var first = await Record.ReadValuesAsync(-1, None);

        Assert.Equal((0L, 0), (first!.Number, first.Values.Count));
        Assert.Null(await Record.ReadValuesAsync(0, None));
        Assert.Empty(await Record.ListValueChangesAsync(null, 10, None));
    }

    [Fact]
    public async Task The_last_change_of_each_name_counts_and_one_that_was_taken_away_is_gone()
    {
        foreach (var change in (ValueChange[])[Change(1, "holiday", "no"), Change(2, "greeting", "hello ä"), Change(3, "holiday", "yes"), Change(4, "greeting", null)])
            Assert.True(await Record.TryChangeValueAsync(change, None));

        await using var another = OpenAnother();
        var seen = await ((IOperatorValues)another).ReadValuesAsync(3, None);
        Assert.Equal(4, seen!.Number);
        Assert.Equal([KeyValuePair.Create("holiday", "yes")], seen.Values);
        Assert.Null(await ((IOperatorValues)another).ReadValuesAsync(4, None));
        Assert.Equal([Change(3, "holiday", "yes"), Change(1, "holiday", "no")], await Record.ListValueChangesAsync("holiday", 10, None));
        Assert.Equal([Change(4, "greeting", null)], await Record.ListValueChangesAsync(null, 1, None));
    }

    [Fact]
    public async Task Of_many_changes_at_once_one_is_taken()
    {
        await using var another = OpenAnother();
        var both = (IValueRecord[])[Record, (IValueRecord)another];
        bool[] taken = await Task.WhenAll(Enumerable.Range(0, 10).Select(n => Task.Run(() => both[n % 2].TryChangeValueAsync(Change(1, "holiday", $"{n}"), None))));

        int winner = Array.IndexOf(taken, true);
        Assert.Equal(winner, Array.LastIndexOf(taken, true));
        Assert.Equal($"{winner}", (await Record.ReadValuesAsync(-1, None))!.Values["holiday"]);
        Assert.False(await Record.TryChangeValueAsync(Change(3, "holiday", "later"), None));
    }

    private static ValueChange Change(long number, string name, string? value) =>
        new() { Number = number, Name = name, Value = value, By = "anna", At = s_noon.AddMinutes(number), Note = number == 1 ? "the ä line" : null };
}
