using EventCalls.Contracts;

namespace EventCalls.Routing.Deciding;

/// <summary>Why a decision is not usable.</summary>
/// <param name="Cause">Typed.</param>
/// <param name="Message">For people, with file and line where known.</param>
public sealed record DecisionFailure(RoutingFailureCause Cause, string Message)
{
    // Names that logic makes up have no length that is theirs; what is said first and the place, which comes last, are kept.
    private const int MaxStart = 3000;
    private const int MaxEnd = 1000;

    /// <summary>For people, with file and line where known; of what is longer than 4,000 characters the middle is left out.</summary>
    public string Message { get; } = Message.Length <= MaxStart + MaxEnd ? Message : $"{Message[..MaxStart]} … {Message[^MaxEnd..]}";

    /// <summary>The exception's type, when the logic threw.</summary>
    public string? ExceptionType { get; init; }

    /// <summary>The source file of the logic, relative to its folder; null when unknown.</summary>
    public string? File { get; init; }

    /// <summary>The line in <see cref="File"/>, from 1; null when unknown.</summary>
    public int? Line { get; init; }
}
