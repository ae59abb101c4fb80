using EventCalls.Benchmarks.Running;

namespace EventCalls.Benchmarks.Load;

/// <summary>What SIPp counted.</summary>
/// <param name="Successful">Calls that went as the scenario says.</param>
/// <param name="Failed">Calls that did not.</param>
/// <param name="Retransmissions">Messages it had to send again.</param>
/// <param name="ResponseMs">INVITE to final response, milliseconds, sorted.</param>
internal sealed record SippFigures(int Successful, int Failed, int Retransmissions, IReadOnlyList<double> ResponseMs)
{
    /// <summary>All calls.</summary>
    public int Calls => Successful + Failed;

    /// <summary>The response time that so many percent of the calls did not exceed, milliseconds.</summary>
    public double Percentile(double percent) => Samples.Percentile(ResponseMs, percent);
}
