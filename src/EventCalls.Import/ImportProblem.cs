namespace EventCalls.Import;

/// <summary>Something that could not be imported.</summary>
/// <param name="File">The file's name.</param>
/// <param name="At">Where in it, for people: <c>offset 4096</c>, or <c>line 7, column started_at</c>; empty when it is about the whole file.</param>
/// <param name="Message">What it is, and what would be right.</param>
public sealed record ImportProblem(string File, string At, string Message);
