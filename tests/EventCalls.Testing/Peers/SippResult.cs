namespace EventCalls.Testing;

/// <summary>What came of one SIPp process.</summary>
public sealed record SippResult
{
    /// <summary>0 when all calls went as the scenario says; 1 when one did not; 99 when there was none.</summary>
    public required int ExitCode { get; init; }

    /// <summary>Calls that went as the scenario says.</summary>
    public required int Successful { get; init; }

    /// <summary>Calls that did not.</summary>
    public required int Failed { get; init; }

    /// <summary>Messages it had to send again.</summary>
    public required int Retransmissions { get; init; }

    /// <summary>All cumulative counters of the statistics by SIPp's own names, without the <c>(C)</c>.</summary>
    public required IReadOnlyDictionary<string, string> Statistics { get; init; }

    /// <summary>Its error log.</summary>
    public required string ErrorLog { get; init; }

    /// <summary>What the scenario's <c>&lt;log&gt;</c> actions wrote.</summary>
    public required IReadOnlyList<string> Logged { get; init; }

    /// <summary>The messages in order; empty unless they were kept.</summary>
    public required IReadOnlyList<SippMessage> Messages { get; init; }

    /// <summary>Whether every call went as the scenario says.</summary>
    public bool Succeeded => ExitCode == 0 && Failed == 0;

    /// <summary>The messages it received, in order.</summary>
    public IEnumerable<SippMessage> Received => Messages.Where(m => !m.Sent);

    /// <summary>How many requests of that method it sent, repetitions counted.</summary>
    public int Sent(string method) => Messages.Count(m => m.Sent && m.Method == method);

    /// <summary>Returns itself when every call went as the scenario says.</summary>
    /// <exception cref="InvalidOperationException">One did not; the message holds the error log and the messages.</exception>
    public SippResult MustSucceed() =>
        Succeeded ? this : throw new InvalidOperationException($"SIPp: {this}");

    /// <inheritdoc/>
    public override string ToString()
    {
        var messages = string.Join("\n", Messages.TakeLast(40).Select(m => $"{(m.Sent ? ">>>" : "<<<")} {m.Text}"));
        return $"exit code {ExitCode}, {Successful} successful, {Failed} failed, {Retransmissions} retransmissions\n{ErrorLog}\n{messages}";
    }
}
