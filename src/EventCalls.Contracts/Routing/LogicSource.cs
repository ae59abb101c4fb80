namespace EventCalls.Contracts;

/// <summary>One source file of routing logic: its path relative to the logic folder, with forward slashes, and its text.</summary>
public sealed record LogicSource(string Path, string Text);
