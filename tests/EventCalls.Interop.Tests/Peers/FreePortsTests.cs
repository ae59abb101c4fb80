using EventCalls.Testing;

namespace EventCalls.Interop.Tests.Peers;

public class FreePortsTests
{
    [Fact]
    public void Ports_are_given_once_and_rows_start_even()
    {
        var given = new List<int>();
        for (int i = 0; i < 100; i++)
        {
            int row = FreePorts.Range(4);
            Assert.Equal(0, row % 2);
            given.AddRange([row, row + 1, row + 2, row + 3, FreePorts.Next()]);
        }

        Assert.Equal(given.Count, given.Distinct().Count());
        Assert.All(given, port => Assert.InRange(port, 20_000, 32_000));
    }
}
