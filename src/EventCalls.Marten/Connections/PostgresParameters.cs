using EventCalls.Store;
using Npgsql;
using NpgsqlTypes;

namespace EventCalls.Marten.Connections;

/// <summary>Adds positional parameters, typed so that nothing is boxed; of a text as PostgreSQL can have it, whether it is kept or asked for.</summary>
internal static class PostgresParameters
{
    /// <summary>One value.</summary>
    public static NpgsqlBatchCommand Add<T>(this NpgsqlBatchCommand command, T value)
    {
        command.Parameters.Add(new NpgsqlParameter<T> { TypedValue = Stored(value) });
        return command;
    }

    /// <summary>One value.</summary>
    public static NpgsqlCommand With<T>(this NpgsqlCommand command, T value)
    {
        command.Parameters.Add(new NpgsqlParameter<T> { TypedValue = Stored(value) });
        return command;
    }

    /// <summary>One value, or none.</summary>
    public static void AddNullable(this NpgsqlParameterCollection parameters, NpgsqlDbType type, object? value) =>
        parameters.Add(new NpgsqlParameter { NpgsqlDbType = type, Value = Stored(value) ?? DBNull.Value });

    private static T Stored<T>(T value) => value is string text ? (T)(object)CallFilter.Stored(text) : value;
}
