namespace EventCalls.Benchmarks.Load;

/// <summary>What the store has.</summary>
/// <param name="Calls">Streams.</param>
/// <param name="Whole">Those that begin, have one successful transfer, and end, once each.</param>
/// <param name="Events">Events of all.</param>
internal sealed record StoreFigures(int Calls, int Whole, long Events);
