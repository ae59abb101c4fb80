using EventCalls.Routing.Deciders.Wire;
using EventCalls.Routing.Loading;
using EventCalls.Routing.Lookups;

namespace EventCalls.Routing.Deciders;

/// <summary>Writes what is asked of one process; called by one thread at a time.</summary>
internal sealed class DeciderMessages(WireWriter writer)
{
    private readonly SentOnce<LookupTables> _tables = new();
    private readonly SentOnce<IReadOnlySet<string>> _endpoints = new();

    /// <summary>The versions that the process has.</summary>
    public SentOnce<CompiledLogic> Versions { get; } = new();

    /// <summary>A decision, and before it what it needs that the process does not have yet.</summary>
    public void Ask(PendingDecision decision)
    {
        int version = Versions.Number(decision.Logic, out bool isNew);
        if (isNew)
        {
            int load = writer.BeginMessage(MessageKind.Load);
            // Nobody waits for its answer: what cannot be loaded fails its decisions.
            writer.UInt((ulong)decision.Id);
            writer.Count(version);
            writer.Text(decision.Logic.Version);
            LogicWire.Write(writer, decision.Logic.Image);
            writer.EndMessage(load);
        }

        int tables = Number(OptionsWire.Portable(decision.Options).Tables);
        int endpoints = Number(decision.Options.KnownEndpoints);
        int message = writer.BeginMessage(MessageKind.Decide);
        writer.UInt((ulong)decision.Id);
        writer.Count(version);
        OptionsWire.Write(writer, decision.Options, tables, endpoints);
        RequestWire.Write(writer, decision.Request);
        writer.EndMessage(message);
    }

    private int Number(LookupTables? tables)
    {
        if (tables is null)
            return 0;
        int number = _tables.Number(tables, out bool isNew);
        if (isNew)
        {
            int message = writer.BeginMessage(MessageKind.Tables);
            writer.Count(number);
            TablesWire.Write(writer, tables);
            writer.EndMessage(message);
        }

        return number;
    }

    private int Number(IReadOnlySet<string>? endpoints)
    {
        if (endpoints is null)
            return 0;
        int number = _endpoints.Number(endpoints, out bool isNew);
        if (isNew)
        {
            int message = writer.BeginMessage(MessageKind.Endpoints);
            writer.Count(number);
            writer.Count(endpoints.Count);
            foreach (string name in endpoints)
                writer.Text(name);
            writer.EndMessage(message);
        }

        return number;
    }
}
