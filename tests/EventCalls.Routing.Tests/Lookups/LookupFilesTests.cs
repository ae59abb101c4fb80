using EventCalls.Routing.Lookups;

namespace EventCalls.Routing.Tests.Lookups;

public sealed class LookupFilesTests : IDisposable
{
    private readonly TempFolder _temp = new();

    public void Dispose() => _temp.Dispose();

    [Fact]
    public void A_CSV_gives_its_first_value_column_and_named_ones()
    {
        var tables = Load("t.csv", "number,tier,name\r\n+1,gold,\"Smith, \"\"Al\"\"\"\n\n+2,silver,\"two\nlines\"\n+3,,x");

        Assert.Equal("gold", Find(tables, "t", "+1"));
        Assert.Equal("gold", Find(tables, "t.tier", "+1"));
        Assert.Equal("Smith, \"Al\"", Find(tables, "t.name", "+1"));
        Assert.Equal("two\nlines", Find(tables, "t.name", "+2"));
        Assert.Equal("", Find(tables, "t", "+3"));
        Assert.Null(Find(tables, "t", "+4"));
        Assert.False(tables.TryFind("t.age", "+1", out _));
        Assert.Equal(["t", "t.name", "t.tier"], tables.Names);
    }

    [Theory]
    [InlineData("\n")]
    [InlineData("\r\n")]
    [InlineData("\r")]
    public void A_table_is_the_same_whatever_ends_its_lines(string end)
    {
        var tables = Load("t.csv", "number,name\n+1,\"two\nlines\"\n\n+2,x\n".Replace("\n", end, StringComparison.Ordinal));

        Assert.Equal("two\nlines", Find(tables, "t", "+1"));
        Assert.Equal("x", Find(tables, "t", "+2"));
    }

    [Fact]
    public void A_JSON_object_gives_values_or_named_columns()
    {
        var tables = Load("t.json", """{ "+1": "north", "+2": { "tier": "gold", "age": 7 }, "+3": null }""");

        Assert.Equal("north", Find(tables, "t", "+1"));
        Assert.Equal("gold", Find(tables, "t.tier", "+2"));
        Assert.Equal("7", Find(tables, "t.age", "+2"));
        Assert.Null(Find(tables, "t.tier", "+1"));
        Assert.Null(Find(tables, "t", "+3"));
    }

    [Theory]
    [InlineData("t.csv", "", "is empty")]
    [InlineData("t.csv", "only", "line 1 must name the columns")]
    [InlineData("t.csv", "a,a\n1,2", "line 1 must name the columns")]
    [InlineData("t.csv", "a,b\n1,2\n1,3", "line 3 gives the key '1' a second time")]
    [InlineData("t.csv", "a,b\n1,2,3", "line 2 has 3 columns; line 1 names 2")]
    [InlineData("t.csv", "a,b\n1,\"2", "line 2: the quotation mark in column 2 is not closed")]
    [InlineData("t.csv", "a,b\n1,2\"3", "line 2 has a quote inside")]
    [InlineData("t.csv", "a,b\n1,\"2\"3", "line 2: there is '3' behind the closing quotation mark of column 2")]
    [InlineData("t.json", "[]", "must hold one object")]
    [InlineData("t.json", "{ \"a\": 1, \"a\": 2 }", "'t.json'")]
    [InlineData("t.txt", "", "must be a .json or a .csv file")]
    public void A_file_that_is_no_table_is_refused_with_its_name_and_line(string name, string text, string error)
    {
        var e = Assert.Throws<FormatException>(() => Load(name, text));

        Assert.StartsWith("Routing:Lookups:t: '", e.Message, StringComparison.Ordinal);
        Assert.Contains(error.Replace("'t.json'", name, StringComparison.Ordinal), e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_that_is_not_there_is_named()
    {
        string path = Path.Combine(_temp.Path, "none.csv");

        var e = Assert.Throws<FormatException>(() => LookupFiles.Load(new Dictionary<string, string> { ["t"] = path }));

        Assert.Contains(path, e.Message, StringComparison.Ordinal);
    }

    private LookupTables Load(string name, string text) =>
        LookupFiles.Load(new Dictionary<string, string> { ["t"] = _temp.Write(name, text) });

    private static string? Find(LookupTables tables, string name, string key)
    {
        Assert.True(tables.TryFind(name, key, out string? value), tables.Refusal(name, key));
        return value;
    }
}
