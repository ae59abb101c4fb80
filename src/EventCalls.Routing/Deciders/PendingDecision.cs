using EventCalls.Routing.Deciding;
using EventCalls.Routing.Loading;

namespace EventCalls.Routing.Deciders;

/// <summary>A decision asked of a decider and not answered yet.</summary>
public abstract class PendingDecision(CompiledLogic logic, DecisionRequest request, DecideOptions options)
{
    /// <summary>The logic that decides.</summary>
    public CompiledLogic Logic { get; } = logic;

    /// <summary>What is decided.</summary>
    public DecisionRequest Request { get; } = request;

    /// <summary>With what.</summary>
    public DecideOptions Options { get; } = options;

    /// <summary>How many processes died while they took it.</summary>
    internal int Deaths { get; set; }

    /// <summary>The number it has in its process.</summary>
    internal long Id { get; set; }

    /// <summary>It was decided; called on the thread that reads from the process, so it must not block.</summary>
    public abstract void Complete(DecisionResult result);

    /// <summary>An error of the decider, not of the logic.</summary>
    public abstract void Fail(Exception error);
}
