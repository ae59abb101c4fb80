namespace EventCalls.Import.Calls;

/// <summary>A trunk whose name the calls of its addresses get.</summary>
/// <param name="Name">Its configured name.</param>
/// <param name="From">The addresses and networks it calls from, as configured.</param>
/// <param name="To">The SIP URIs it is called at.</param>
public sealed record KnownTrunk(string Name, IReadOnlyList<string> From, IReadOnlyList<string> To);
