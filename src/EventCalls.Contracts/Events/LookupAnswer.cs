namespace EventCalls.Contracts;

/// <summary>One look-up that routing logic made, and the answer it got (null: not found).</summary>
public sealed record LookupAnswer(string Name, string Key, string? Value);
