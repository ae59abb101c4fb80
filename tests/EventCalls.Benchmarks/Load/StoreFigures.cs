namespace EventCalls.Benchmarks.Load;

/// <summary>What the store has.</summary>
/// <param name="Calls">Streams.</param>
/// <param name="Whole">Those that begin, have one successful transfer, and end, once each.</param>
/// <param name="Events">Events of all.</param>
/// <param name="Shapes">How the streams look: the event types in order, and how many streams have them.</param>
internal sealed record StoreFigures(int Calls, int Whole, long Events, IReadOnlyDictionary<string, int> Shapes);
