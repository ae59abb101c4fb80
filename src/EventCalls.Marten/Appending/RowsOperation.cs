using System.Data.Common;
using JasperFx.Events;
using NpgsqlTypes;
using Weasel.Core;
using Weasel.Storage;
using IMartenOperation = Marten.Internal.Operations.IStorageOperation;

namespace EventCalls.Marten.Appending;

/// <summary>One statement on many rows in a Marten session: an array of values for each column, which the server unfolds.</summary>
/// <remarks>
/// The arrays are unfolded in the list of a select, row by row. Named in its <c>from</c> they would each be written into a store of rows first, which for
/// the columns of a call costs more than its row.
/// </remarks>
/// <param name="head">The statement up to the first array, <c>select</c> included.</param>
/// <param name="tail">The statement behind the last array.</param>
internal sealed class RowsOperation(string head, string tail) : IMartenOperation, NoDataReturnedCall
{
    private readonly List<Action<Weasel.Postgresql.ICommandBuilder>> _columns = [];

    // Only for sorting and for creating tables on demand; these are no documents, and tables are made at the start.
    public Type DocumentType => typeof(IEvent);

    public OperationRole Role() => OperationRole.Other;

    /// <summary>Adds a column: its name, and a value of each item.</summary>
    public RowsOperation Add<TItem, T>(string name, NpgsqlDbType element, IReadOnlyList<TItem> items, Func<TItem, T> value)
    {
        var values = new T[items.Count];
        for (int i = 0; i < values.Length; i++)
            values[i] = value(items[i]);
        _columns.Add(builder =>
        {
            builder.Append("unnest(");
            builder.AppendParameter(values, NpgsqlDbType.Array | element);
            builder.Append(") as ");
            builder.Append(name);
        });
        return this;
    }

    public void ConfigureCommand(Weasel.Postgresql.ICommandBuilder builder, IStorageSession session)
    {
        builder.Append(head);
        builder.Append(' ');
        for (int i = 0; i < _columns.Count; i++)
        {
            if (i > 0)
                builder.Append(", ");
            _columns[i](builder);
        }
        builder.Append(' ');
        builder.Append(tail);
    }

    public Task PostprocessAsync(DbDataReader reader, IList<Exception> exceptions, CancellationToken token) => Task.CompletedTask;
}
