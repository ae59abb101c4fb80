namespace EventCalls.Routing.Deciding;

/// <summary>What decides: a folder of C# sources, or a web service.</summary>
internal interface ILogic : IAsyncDisposable
{
    /// <summary>Decides; what goes wrong in the logic is in the result.</summary>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    Task<DecisionResult> DecideAsync(DecisionRequest request, CancellationToken cancellationToken);
}
