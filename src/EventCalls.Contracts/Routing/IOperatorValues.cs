namespace EventCalls.Contracts;

/// <summary>Where routers read what operators have set for <c>conv.Config</c>. Throws while that cannot be read; trying again later is always safe.</summary>
public interface IOperatorValues
{
    /// <summary>All values as they are now.</summary>
    /// <param name="seen">The number of the change that is known already; less than 0 for none.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    /// <returns>Null when there was no change since.</returns>
    Task<OperatorValues?> ReadValuesAsync(long seen, CancellationToken cancellationToken);
}

/// <summary>What operators have set.</summary>
/// <param name="Number">The number of the last change; 0 before the first.</param>
/// <param name="Values">The values by their names; what was taken away is not among them.</param>
public sealed record OperatorValues(long Number, IReadOnlyDictionary<string, string> Values);
