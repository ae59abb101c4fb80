namespace EventCalls.Console;

/// <summary>A trunk, as it is configured.</summary>
/// <param name="Name">Its name.</param>
/// <param name="From">From where it may call in; empty when it may not, or is known by what it proves.</param>
/// <param name="To">Where calls out over it go, best first; empty when none do.</param>
public sealed record TrunkObject(string Name, IReadOnlyList<string> From, IReadOnlyList<string> To);
