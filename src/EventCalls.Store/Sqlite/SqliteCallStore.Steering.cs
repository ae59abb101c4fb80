using EventCalls.Contracts;
using EventCalls.Store.Steering;

namespace EventCalls.Store.Sqlite;

/// <content>What routers decide by, and what operators did.</content>
internal sealed partial class SqliteCallStore
{
    public async Task<LogicActivation?> LastActivationAsync(CancellationToken cancellationToken) =>
        (await ReadAsync(connection => SqliteSteering.List(connection, 1), cancellationToken)).FirstOrDefault();

    public Task<IReadOnlyList<LogicActivation>> ListActivationsAsync(int limit, CancellationToken cancellationToken) =>
        ReadAsync(connection => SqliteSteering.List(connection, limit), cancellationToken);

    public Task<LogicActivation?> FindActivationAsync(long number, CancellationToken cancellationToken) =>
        ReadAsync(connection => SqliteSteering.Find(connection, number), cancellationToken);

    public Task<bool> TryActivateAsync(LogicActivation activation, CancellationToken cancellationToken) =>
        WriteAsync(create: false, appender => SqliteSteering.TryActivate(appender, activation), cancellationToken);

    public async Task<ProofRecord?> LastProofAsync(ProofKind kind, CancellationToken cancellationToken) => (await ListProofsAsync(kind, 1, cancellationToken)).FirstOrDefault();

    public Task<IReadOnlyList<ProofRecord>> ListProofsAsync(ProofKind kind, int limit, CancellationToken cancellationToken) =>
        ReadAsync(connection => SqliteSteering.Proofs(connection, kind, limit), cancellationToken);

    public Task<bool> TryKeepProofAsync(ProofRecord record, CancellationToken cancellationToken) =>
        WriteAsync(create: false, appender => SqliteSteering.TryKeepProof(appender, record), cancellationToken);

    public Task SaveArrivalAsync(LogicArrival arrival, CancellationToken cancellationToken) =>
        WriteAsync(create: false, appender => SqliteSteering.SaveArrival(appender, arrival), cancellationToken);

    public Task<IReadOnlyList<LogicArrival>> ListArrivalsAsync(CancellationToken cancellationToken) => ReadAsync(SqliteSteering.Arrivals, cancellationToken);

    public Task<OperatorValues?> ReadValuesAsync(long seen, CancellationToken cancellationToken) =>
        ReadAsync(connection => SqliteValues.Read(connection, seen), cancellationToken);

    public Task<bool> TryChangeValueAsync(ValueChange change, CancellationToken cancellationToken) =>
        WriteAsync(create: false, appender => SqliteValues.TryChange(appender, change), cancellationToken);

    public Task<IReadOnlyList<ValueChange>> ListValueChangesAsync(string? name, int limit, CancellationToken cancellationToken) =>
        ReadAsync(connection => SqliteValues.List(connection, name, limit), cancellationToken);

    public Task KeepActAsync(DeadLetterAct act, CancellationToken cancellationToken) =>
        WriteAsync(create: false, appender => SqliteDeadLetters.Keep(appender, act), cancellationToken);

    public Task CountActAsync(Guid id, int letters, CancellationToken cancellationToken) =>
        WriteAsync(create: false, appender => SqliteDeadLetters.Count(appender, id, letters), cancellationToken);

    public Task<IReadOnlyList<DeadLetterAct>> ListActsAsync(int limit, CancellationToken cancellationToken) =>
        ReadAsync(connection => SqliteDeadLetters.List(connection, limit), cancellationToken);
}
