using EventCalls.Host.Demo;
using EventCalls.Routing.Loading;
using EventCalls.Simulation.Live;

namespace EventCalls.Host.Tests.Demo;

public sealed class SampleLogicTests
{
    [Fact]
    public void The_sample_logic_beside_the_program_compiles()
    {
        var check = LogicFolder.Check(DemoSettings.LogicFolder);
        using (check.Logic)
        {
            Assert.Empty(check.Diagnostics);
            Assert.True(check.Ok);
        }
    }

    [Fact]
    public void Every_flow_that_a_demo_call_must_end_in_is_one_of_the_logics()
    {
        var check = LogicFolder.Check(DemoSettings.LogicFolder);
        using (check.Logic)
        {
            Assert.Empty(ScenarioList.All.Select(s => s.Expected.Flow).Except(check.Flows));
            // Each flow of the sample is shown by some call, except one that is only passed on the way.
            Assert.Equal(["account"], check.Flows.Except(ScenarioList.All.Select(s => s.Expected.Flow)));
        }
    }
}
