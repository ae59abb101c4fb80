using EventCalls.Store;

namespace EventCalls.Replay.Audit;

/// <summary>A past call that was played on from one of its events, as it would have gone.</summary>
/// <param name="Json">Both courses, as <c>calls fork --json</c> writes them.</param>
/// <param name="Events">The played course; the last event that is as recorded is <paramref name="At"/>.</param>
/// <param name="At">The number of the last event that stayed as it was, from 1.</param>
/// <param name="IsSame">Whether it tells of the same as the record.</param>
/// <param name="Doubt">Why it is not to be trusted, or what was wanted and did not happen; null when neither.</param>
public sealed record PlayedFork(byte[] Json, IReadOnlyList<StoredEvent> Events, int At, bool IsSame, string? Doubt);

/// <summary>Plays a past call on, of which is known that it can be.</summary>
/// <exception cref="ForkRefusedException">It cannot after all.</exception>
public delegate Task<PlayedFork> PreparedFork(CancellationToken cancellationToken);

/// <summary>A call cannot be played from there, or not like this; the message says why, for people, and begins with the field where one is meant: <c>inject: …</c>.</summary>
public sealed class ForkRefusedException : Exception
{
    /// <summary>Says so.</summary>
    public ForkRefusedException()
    {
    }

    /// <summary>Says why.</summary>
    public ForkRefusedException(string message)
        : base(message)
    {
    }

    /// <summary>Says why, and what it came of.</summary>
    public ForkRefusedException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
