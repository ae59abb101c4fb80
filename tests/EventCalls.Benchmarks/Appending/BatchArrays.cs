using Npgsql;
using NpgsqlTypes;

namespace EventCalls.Benchmarks.Appending;

/// <summary>Adds array parameters to a command of a batch, typed so that nothing is boxed.</summary>
internal static class BatchArrays
{
    /// <summary>One array: a value of each item.</summary>
    public static NpgsqlBatchCommand Add<TItem, T>(this NpgsqlBatchCommand command, NpgsqlDbType element, IReadOnlyList<TItem> items, Func<TItem, T> value)
    {
        var values = new T[items.Count];
        for (int i = 0; i < values.Length; i++)
            values[i] = value(items[i]);
        command.Parameters.Add(new NpgsqlParameter<T[]> { TypedValue = values, NpgsqlDbType = NpgsqlDbType.Array | element });
        return command;
    }
}
