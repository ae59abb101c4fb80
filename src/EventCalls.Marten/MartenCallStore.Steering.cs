using EventCalls.Contracts;
using EventCalls.Store.Steering;

namespace EventCalls.Marten;

/// <content>What routers decide by, and what operators did.</content>
internal sealed partial class MartenCallStore
{
    public Task<LogicActivation?> LastActivationAsync(CancellationToken cancellationToken) =>
        GuardAsync(async () => (await _steering.ListAsync(1, cancellationToken)).FirstOrDefault());

    public Task<IReadOnlyList<LogicActivation>> ListActivationsAsync(int limit, CancellationToken cancellationToken) =>
        GuardAsync<IReadOnlyList<LogicActivation>>(async () => await _steering.ListAsync(limit, cancellationToken));

    public Task<LogicActivation?> FindActivationAsync(long number, CancellationToken cancellationToken) =>
        GuardAsync(() => _steering.FindAsync(number, cancellationToken));

    public Task<bool> TryActivateAsync(LogicActivation activation, CancellationToken cancellationToken) =>
        GuardAsync(() => _steering.TryActivateAsync(activation, cancellationToken));

    public Task<ProofRecord?> LastProofAsync(ProofKind kind, CancellationToken cancellationToken) =>
        GuardAsync(async () => (await _steering.ProofsAsync(kind, 1, cancellationToken)).FirstOrDefault());

    public Task<IReadOnlyList<ProofRecord>> ListProofsAsync(ProofKind kind, int limit, CancellationToken cancellationToken) =>
        GuardAsync<IReadOnlyList<ProofRecord>>(async () => await _steering.ProofsAsync(kind, limit, cancellationToken));

    public Task<bool> TryKeepProofAsync(ProofRecord record, CancellationToken cancellationToken) =>
        GuardAsync(() => _steering.TryKeepProofAsync(record, cancellationToken));

    public Task SaveArrivalAsync(LogicArrival arrival, CancellationToken cancellationToken) =>
        GuardAsync(() => _steering.SaveArrivalAsync(arrival, cancellationToken));

    public Task<IReadOnlyList<LogicArrival>> ListArrivalsAsync(CancellationToken cancellationToken) =>
        GuardAsync<IReadOnlyList<LogicArrival>>(async () => await _steering.ArrivalsAsync(cancellationToken));

    public Task<OperatorValues?> ReadValuesAsync(long seen, CancellationToken cancellationToken) => GuardAsync(() => _values.ReadAsync(seen, cancellationToken));

    public Task<bool> TryChangeValueAsync(ValueChange change, CancellationToken cancellationToken) => GuardAsync(() => _values.TryChangeAsync(change, cancellationToken));

    public Task<IReadOnlyList<ValueChange>> ListValueChangesAsync(string? name, int limit, CancellationToken cancellationToken) =>
        GuardAsync<IReadOnlyList<ValueChange>>(async () => await _values.ListAsync(name, limit, cancellationToken));

    public Task KeepActAsync(DeadLetterAct act, CancellationToken cancellationToken) => GuardAsync(() => _deadLetters.KeepAsync(act, cancellationToken));

    public Task CountActAsync(Guid id, int letters, CancellationToken cancellationToken) => GuardAsync(() => _deadLetters.CountAsync(id, letters, cancellationToken));

    public Task<IReadOnlyList<DeadLetterAct>> ListActsAsync(int limit, CancellationToken cancellationToken) =>
        GuardAsync<IReadOnlyList<DeadLetterAct>>(async () => await _deadLetters.ListAsync(limit, cancellationToken));
}
