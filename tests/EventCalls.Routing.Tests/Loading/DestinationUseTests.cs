using EventCalls.Contracts;
using EventCalls.Routing.Loading;

namespace EventCalls.Routing.Tests.Loading;

public class DestinationUseTests
{
    private static readonly string[] s_known = ["support"];

    [Theory]
    [InlineData("conv.CallHandoff(\"suport\")", "'suport'; did you mean 'support'?")]
    [InlineData("conv.CallHandoff(reason: \"late\", destination: Sales)", "'sales'; there is support")]
    public void A_destination_that_is_not_configured_is_refused_where_it_is_named(string call, string error)
    {
        var found = Assert.Single(DestinationUse.Unknown([Source(call)], s_known));
        Assert.Equal(("Start.cs", 4, DestinationUse.Id), (found.File, found.Line, found.Id));
        Assert.Contains(error, found.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("conv.CallHandoff(\"support\")")]
    [InlineData("conv.CallHandoff()")]
    [InlineData("conv.CallHandoff(reason: \"late\")")]
    [InlineData("conv.CallHandoff(conv.CalleeNumber)")]
    public void What_is_configured_or_only_known_as_it_runs_is_passed_over(string call) => Assert.Empty(DestinationUse.Unknown([Source(call)], s_known));

    private static LogicSource Source(string call) => new("Start.cs", $$"""
        public sealed class Line : RoutingLogic
        {
            private const string Sales = "sales";
            public override Decision Start(Conversation conv) => {{call}};
        }
        """);
}
