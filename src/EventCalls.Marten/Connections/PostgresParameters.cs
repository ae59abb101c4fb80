using Npgsql;

namespace EventCalls.Marten.Connections;

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
}
