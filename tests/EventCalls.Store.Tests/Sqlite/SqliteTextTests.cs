using System.Text;
using EventCalls.Store.Sqlite;

namespace EventCalls.Store.Tests.Sqlite;

/// <summary>Times of the SQLite file are read from their bytes as they are from their text.</summary>
public sealed class SqliteTextTests
{
    [Theory]
    [InlineData("2026-01-05T08:00:00.000000Z")]
    [InlineData("2024-02-29T23:59:59.999999Z")]
    [InlineData("0001-01-01T00:00:00.000001Z")]
    [InlineData("9999-12-31T23:59:59.999999Z")]
    public void A_time_is_read_from_bytes_as_from_text(string text)
    {
        Assert.True(SqliteText.TryTime(Encoding.UTF8.GetBytes(text), out var time));
        Assert.Equal(SqliteText.Time(text), time);
        Assert.Equal(TimeSpan.Zero, time.Offset);
    }

    [Theory]
    [InlineData("")]
    [InlineData("2023-02-29T00:00:00.000000Z")]
    [InlineData("2023-13-01T00:00:00.000000Z")]
    [InlineData("2023-00-01T00:00:00.000000Z")]
    [InlineData("2023-01-00T00:00:00.000000Z")]
    [InlineData("0000-01-01T00:00:00.000000Z")]
    [InlineData("2023-01-01T24:00:00.000000Z")]
    [InlineData("2023-01-01T00:60:00.000000Z")]
    [InlineData("2023-01-01T00:00:60.000000Z")]
    [InlineData("2023-01-01T00:00:00.00000xZ")]
    [InlineData("2023-01-01 00:00:00.000000Z")]
    [InlineData("2023-01-01T00:00:00.0000000")]
    public void What_is_no_time_is_none_either_way(string text)
    {
        Assert.False(SqliteText.TryTime(Encoding.UTF8.GetBytes(text), out _));
        Assert.Throws<InvalidDataException>(() => SqliteText.Time(text));
    }
}
