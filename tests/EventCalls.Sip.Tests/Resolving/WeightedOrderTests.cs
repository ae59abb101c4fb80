using EventCalls.Sip.Resolving;

namespace EventCalls.Sip.Tests.Resolving;

public sealed class WeightedOrderTests
{
    private readonly RandomSource _random = RandomSource.FromSeed(7);

    [Fact]
    [Trait("RFC", "2782")]
    public void Among_those_of_one_priority_each_is_first_in_proportion_to_its_weight()
    {
        (string Name, int Priority, int Weight)[] servers = [("last", 2, 100), ("a", 1, 60), ("b", 1, 30), ("c", 1, 10)];
        var first = new Dictionary<string, int> { ["a"] = 0, ["b"] = 0, ["c"] = 0 };
        for (int i = 0; i < 10_000; i++)
        {
            var order = WeightedOrder.Of(servers, static s => s.Priority, static s => s.Weight, _random);
            Assert.Equal(["a", "b", "c"], order.Take(3).Select(s => s.Name).Order());
            Assert.Equal("last", order[3].Name);
            first[order[0].Name]++;
        }
        Assert.InRange(first["a"], 5_700, 6_200);
        Assert.InRange(first["b"], 2_750, 3_250);
        Assert.InRange(first["c"], 800, 1_250);
    }

    [Fact]
    [Trait("RFC", "2782")]
    public void One_of_weight_zero_is_seldom_first_but_may_be_and_equals_share_alike()
    {
        (string Name, int Weight)[] servers = [("heavy", 9), ("none", 0)];
        int none = Enumerable.Range(0, 10_000).Count(_ => WeightedOrder.Of(servers, static _ => 0, static s => s.Weight, _random)[0].Name == "none");
        Assert.InRange(none, 700, 1_300);
        Assert.Equal(["one"], WeightedOrder.Of(["one"], static _ => 0, static _ => 0, _random));
        Assert.Empty(WeightedOrder.Of(Array.Empty<string>(), static _ => 0, static _ => 0, _random));
    }

    [Fact]
    public void Chance_comes_from_the_seed()
    {
        (string Name, int Weight)[] servers = [("a", 5), ("b", 5), ("c", 5), ("d", 5)];
        static string Play((string Name, int Weight)[] servers)
        {
            var random = RandomSource.FromSeed(3);
            return string.Concat(Enumerable.Range(0, 50).SelectMany(_ => WeightedOrder.Of(servers, static _ => 0, static s => s.Weight, random)).Select(s => s.Name));
        }
        Assert.Equal(Play(servers), Play(servers));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [Trait("RFC", "2782")]
    public void Servers_of_weight_0_share_what_falls_to_them(int priority)
    {
        (string Name, int Weight)[] servers = [("a", 0), ("b", 0), ("c", 0)];
        var first = Enumerable.Range(0, 3_000).Select(_ => WeightedOrder.Of(servers, _ => priority, static s => s.Weight, _random)[0].Name).CountBy(n => n).ToDictionary();
        Assert.All(servers, s => Assert.InRange(first.GetValueOrDefault(s.Name), 850, 1_150));
        // Beside one with a weight too, none of them has the chance of all.
        (string Name, int Weight)[] mixed = [("a", 0), ("b", 0), ("much", 9)];
        var beside = Enumerable.Range(0, 10_000).Select(_ => WeightedOrder.Of(mixed, _ => priority, static s => s.Weight, _random)[0].Name).CountBy(n => n).ToDictionary();
        Assert.InRange(beside["a"], 350, 650);
        Assert.InRange(beside["b"], 350, 650);
    }
}
