using EventCalls.Contracts;
using Marten.Events.Projections.Flattened;

namespace EventCalls.Marten.Tests.Applications;

/// <summary>A table with a row for each handoff: what came of it, and after how many attempts.</summary>
internal sealed class HandoffTable : FlatTableProjection
{
    public HandoffTable()
        : base("handoffs", SchemaNameSource.DocumentSchema)
    {
        Table.AddColumn<Guid>("id").AsPrimaryKey();
        Project<TransferStarted>(map =>
        {
            map.Map(e => e.Target);
            map.Map(e => e.Attempt, "attempts");
            map.SetValue("failures", 0);
            map.SetValue("state", "tried");
        }, e => e.HandoffId);
        Project<TransferFailed>(map => map.Increment("failures"), e => e.HandoffId);
        Project<TransferCompleted>(map => map.SetValue("state", "done"), e => e.HandoffId);
    }
}
