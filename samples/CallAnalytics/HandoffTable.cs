using EventCalls.Contracts;
using Marten.Events.Projections.Flattened;

namespace CallAnalytics;

/// <summary>A flat table, <c>call_analytics.handoffs</c>, with a row for each handoff: for SQL, and for programs that know nothing of events.</summary>
/// <remarks>Marten inserts a row only for an event that says something about every column; here <see cref="TransferStarted"/> does.</remarks>
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
            map.SetValue("state", "tried");
        }, e => e.HandoffId);
        Project<TransferFailed>(map => map.SetValue("state", "failed"), e => e.HandoffId);
        Project<TransferCompleted>(map => map.SetValue("state", "done"), e => e.HandoffId);
    }
}
