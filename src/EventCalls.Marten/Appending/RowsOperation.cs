using System.Data.Common;
using JasperFx.Events;
using NpgsqlTypes;
using Weasel.Core;
using Weasel.Storage;
using IMartenOperation = Marten.Internal.Operations.IStorageOperation;

namespace EventCalls.Marten.Appending;

/// <summary>One statement on many rows in a Marten session: an array of values for each column, which the server unfolds.</summary>
/// <param name="head">The statement up to the first array.</param>
/// <param name="tail">The statement behind the last array.</param>
internal sealed class RowsOperation(string head, string tail) : IMartenOperation, NoDataReturnedCall
{
    private readonly List<Action<Weasel.Postgresql.ICommandBuilder>> _columns = [];

    // Only for sorting and for creating tables on demand; these are no documents, and tables are made at the start.
    public Type DocumentType => typeof(IEvent);

    public OperationRole Role() => OperationRole.Other;

    /// <summary>Adds a column: a value of each item.</summary>
    public RowsOperation Add<TItem, T>(NpgsqlDbType element, IReadOnlyList<TItem> items, Func<TItem, T> value)
    {
        var values = new T[items.Count];
        for (int i = 0; i < values.Length; i++)
            values[i] = value(items[i]);
        _columns.Add(builder => builder.AppendParameter(values, NpgsqlDbType.Array | element));
        return this;
    }

    public void ConfigureCommand(Weasel.Postgresql.ICommandBuilder builder, IStorageSession session)
    {
        builder.Append(head);
        for (int i = 0; i < _columns.Count; i++)
        {
            if (i > 0)
                builder.Append(", ");
            _columns[i](builder);
        }
        builder.Append(tail);
    }

    public Task PostprocessAsync(DbDataReader reader, IList<Exception> exceptions, CancellationToken token) => Task.CompletedTask;
}
