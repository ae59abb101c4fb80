using Npgsql;
using NpgsqlTypes;

namespace EventCalls.Store.Postgres;

/// <summary>Adds positional parameters, typed so that nothing is boxed.</summary>
internal static class PostgresParameters
{
    /// <summary>One value.</summary>
    public static NpgsqlBatchCommand Add<T>(this NpgsqlBatchCommand command, T value)
    {
        command.Parameters.Add(new NpgsqlParameter<T> { TypedValue = value });
        return command;
    }

    /// <summary>One value.</summary>
    public static NpgsqlCommand With<T>(this NpgsqlCommand command, T value)
    {
        command.Parameters.Add(new NpgsqlParameter<T> { TypedValue = value });
        return command;
    }

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
