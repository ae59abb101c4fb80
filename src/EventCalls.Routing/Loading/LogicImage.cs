namespace EventCalls.Routing.Loading;

/// <summary>Compiled logic as bytes: another process loads it without a compiler, in a few milliseconds.</summary>
internal sealed record LogicImage(LogicOutline Outline, byte[] Code, byte[] Symbols);
