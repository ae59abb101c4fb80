using System.Buffers.Text;
using EventCalls.Contracts;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace EventCalls.Store.Sqlite;

/// <summary>A prepared statement that is kept and used again. Parameters count from 1, columns from 0.</summary>
/// <remarks>The ADO.NET layer looks parameters up by name and turns text into UTF-16 and back: at tens of thousands of events a second that is most of the work.</remarks>
internal sealed class SqliteStatement : IDisposable
{
    private readonly sqlite3 _database;
    private readonly sqlite3_stmt _statement;

    public SqliteStatement(sqlite3 database, string sql)
    {
        _database = database;
        Check(raw.sqlite3_prepare_v3(database, sql, raw.SQLITE_PREPARE_PERSISTENT, out _statement));
    }

    public SqliteStatement Bind(int index, string? value)
    {
        Check(value is null ? raw.sqlite3_bind_null(_statement, index) : raw.sqlite3_bind_text(_statement, index, value));
        return this;
    }

    /// <summary>Binds UTF-8 text; not empty.</summary>
    public SqliteStatement Bind(int index, ReadOnlySpan<byte> utf8)
    {
        Check(raw.sqlite3_bind_text(_statement, index, utf8));
        return this;
    }

    public SqliteStatement Bind(int index, long value)
    {
        Check(raw.sqlite3_bind_int64(_statement, index, value));
        return this;
    }

    public SqliteStatement Bind(int index, long? value)
    {
        Check(value is { } given ? raw.sqlite3_bind_int64(_statement, index, given) : raw.sqlite3_bind_null(_statement, index));
        return this;
    }

    public SqliteStatement Bind(int index, Guid id)
    {
        Span<byte> text = stackalloc byte[36];
        Utf8Formatter.TryFormat(id, text, out _);
        return Bind(index, text);
    }

    public SqliteStatement Bind(int index, DateTimeOffset? time)
    {
        if (time is not { } given)
            return Bind(index, (string?)null);
        Span<byte> text = stackalloc byte[32];
        given.UtcDateTime.TryFormat(text, out int length, SqliteText.TimeFormat, provider: null);
        return Bind(index, text[..length]);
    }

    /// <summary>Binds a named parameter: text, time, id or number.</summary>
    public void Bind(string name, object value)
    {
        int index = raw.sqlite3_bind_parameter_index(_statement, "@" + name);
        _ = value switch
        {
            DateTimeOffset time => Bind(index, time),
            Guid id => Bind(index, id),
            int number => Bind(index, number),
            _ => Bind(index, (string)value),
        };
    }

    /// <summary>Goes on to the next row; false after the last.</summary>
    public bool Step()
    {
        int code = raw.sqlite3_step(_statement);
        if (code is not raw.SQLITE_ROW and not raw.SQLITE_DONE)
            Check(code);
        return code == raw.SQLITE_ROW;
    }

    /// <summary>Makes the statement ready for its next use; after a failed step too.</summary>
    public void Reset() => raw.sqlite3_reset(_statement);

    /// <summary>Runs a statement that gives no rows, and resets it.</summary>
    public void Run()
    {
        try
        {
            Step();
        }
        finally
        {
            Reset();
        }
    }

    public bool IsNull(int column) => raw.sqlite3_column_type(_statement, column) == raw.SQLITE_NULL;

    public string? Text(int column) => raw.sqlite3_column_text(_statement, column).utf8_to_string();

    /// <summary>A text that is always there.</summary>
    /// <exception cref="InvalidDataException">It is not.</exception>
    public string RequiredText(int column) => Text(column) ?? throw new InvalidDataException("a text is missing");

    /// <summary>A time that is always there.</summary>
    /// <exception cref="InvalidDataException">It is not, or it is no time.</exception>
    public DateTimeOffset RequiredTime(int column) => Time(column) ?? throw new InvalidDataException("a time is missing");

    /// <summary>A text that is nearly always one of the events' stored names: the same string each time then.</summary>
    public string Name(int column) => StoredNames.EventType(Utf8(column)) ?? Text(column)!;

    /// <summary>The text's bytes; gone with the next step.</summary>
    public ReadOnlySpan<byte> Utf8(int column) => raw.sqlite3_column_blob(_statement, column);

    public long? Number(int column) => IsNull(column) ? null : Int64(column);

    public long Int64(int column) => raw.sqlite3_column_int64(_statement, column);

    public Guid Id(int column) =>
        Utf8(column) is var text && (IdText.TryParse(text, out var id) || Utf8Parser.TryParse(text, out id, out _)) ? id : throw new InvalidDataException($"'{Text(column)}' is not an id");

    public DateTimeOffset? Time(int column) => SqliteText.TryTime(Utf8(column), out var time) ? time : Text(column) is { } text ? SqliteText.Time(text) : null;

    public void Dispose() => _statement.Dispose();

    private void Check(int code)
    {
        if (code != raw.SQLITE_OK)
            throw new SqliteException(raw.sqlite3_errmsg(_database).utf8_to_string(), code & 0xFF, raw.sqlite3_extended_errcode(_database));
    }
}
