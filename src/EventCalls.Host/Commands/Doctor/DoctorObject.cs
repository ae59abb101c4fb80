using EventCalls.Contracts.Findings;

namespace EventCalls.Host.Commands.Doctor;

/// <summary>All findings, as one JSON object; the names of the members are a promise (docs/command-line.md).</summary>
/// <param name="findings">The findings.</param>
internal sealed class DoctorObject(IReadOnlyList<Finding> findings)
{
    public bool Ok => findings.All(f => f.Status != FindingStatus.Failed);

    public IReadOnlyList<Finding> Findings => findings;
}
