using EventCalls.Routing.Kit;

namespace EventCalls.Routing.Tests.Loading.Honest;

/// <summary>Logic as those who run contact centres write it: none of it is refused, and each decides as its cases say.</summary>
public sealed class HonestLogicTests
{
    private static string Folder => Path.Combine(AppContext.BaseDirectory, "Loading", "Honest");

    public static TheoryData<string> Logics => [.. Directory.GetDirectories(Folder).Select(d => Path.GetFileName(d)!).Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Logics))]
    public void Honest_logic_compiles_and_decides_as_its_cases_say(string name)
    {
        var result = LogicCases.Run(Path.Combine(Folder, name), null, TimeProvider.System, CancellationToken.None);

        Assert.True(result.Check.Diagnostics.Count == 0, string.Join('\n', result.Check.Diagnostics));
        Assert.Null(result.Error);
        Assert.All(result.Cases, c => Assert.True(c.Passed, $"{c.Case.Name}: {string.Join('\n', c.Differences)}\n{c.Decision}"));
    }

    [Fact]
    public void There_are_forty_of_them() => Assert.True(Logics.Count >= 40);
}
