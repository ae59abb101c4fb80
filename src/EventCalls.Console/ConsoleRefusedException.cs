namespace EventCalls.Console;

/// <summary>The console cannot start like this; the message names the key and what to do.</summary>
public sealed class ConsoleRefusedException : Exception
{
    /// <summary>Says so.</summary>
    public ConsoleRefusedException()
    {
    }

    /// <summary>Says why, for people.</summary>
    public ConsoleRefusedException(string message)
        : base(message)
    {
    }

    /// <summary>Says why, and what it came of.</summary>
    public ConsoleRefusedException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
