namespace EventCalls.Contracts.Tests;

public class CsvRowsTests
{
    [Fact]
    public void A_field_is_as_it_was_written_whatever_is_in_it()
    {
        var random = new Random(4);
        for (int round = 0; round < 500; round++)
        {
            var rows = Enumerable.Range(0, random.Next(1, 6)).Select(_ => Enumerable.Range(0, 3).Select(_ => Field(random)).ToArray()).ToList();
            string text = string.Concat(rows.Select(row => string.Join(';', row.Select(f => $"\"{f.Replace("\"", "\"\"")}\"")) + (random.Next(2) == 0 ? "\r\n" : "\n")));

            Assert.Equal(rows, Read(text, ';').Select(r => r.Fields));
        }
    }

    [Fact]
    public void Behind_a_mark_that_is_not_closed_reading_goes_on_at_the_next_line()
    {
        var read = Read("a,b\n1,\"2\n3,\"4\n5\",6\n7,8\n", null);

        Assert.Equal([(1L, "a|b"), (2, "!"), (3, "3|4\n5|6"), (5, "7|8")], read.Select(r => (r.Line, r.Problem is null ? string.Join('|', r.Fields) : "!")));
        Assert.Contains("column 2 is not closed", read[1].Problem, StringComparison.Ordinal);
        Assert.Empty(read[1].Fields);
    }

    [Fact]
    public void A_line_over_the_bound_is_given_up_alone()
    {
        var read = Read($"a,b\n{new string('x', CsvRows.MostCharacters + 1)}\n1,2\n", null);

        Assert.Equal([null, "the line is longer than 1048576 characters", null], read.Select(r => r.Problem));
        Assert.Equal(3, read[2].Line);
        Assert.Equal(["1", "2"], read[2].Fields);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    public void A_line_end_of_two_characters_is_one_wherever_the_reader_is_cut(int most)
    {
        using var text = new ShortReads("a,b\r\n\r\n1,\"2\r\n3\"\r4,5\n\"\"\r\n", most);
        var rows = new CsvRows(text);
        var read = new List<string>();
        while (rows.Read())
            read.Add($"{rows.Line}: {string.Join('|', rows.Fields)}");

        Assert.Equal(["1: a|b", "3: 1|2\n3", "5: 4|5", "6: "], read);
    }

    [Fact]
    public void A_mark_in_a_bare_field_stays_and_is_said()
    {
        using var text = new StringReader("1,2\"3\n4,\"5\"\"\"\n");
        var rows = new CsvRows(text);

        Assert.True(rows.Read() && rows.HasBareQuote);
        Assert.Equal(["1", "2\"3"], rows.Fields);
        Assert.True(rows.Read() && !rows.HasBareQuote);
        Assert.Equal(["4", "5\""], rows.Fields);
    }

    private static string Field(Random random) => new([.. Enumerable.Range(0, random.Next(6)).Select(_ => "ab\"\n;, "[random.Next(7)])]);

    private static List<(long Line, string[] Fields, string? Problem)> Read(string table, char? delimiter)
    {
        using var text = new StringReader(table);
        var rows = new CsvRows(text, delimiter);
        var read = new List<(long, string[], string?)>();
        while (rows.Read())
            read.Add((rows.Line, [.. rows.Fields], rows.Problem));
        return read;
    }

    private sealed class ShortReads(string text, int most) : StringReader(text)
    {
        public override int Read(Span<char> buffer) => base.Read(buffer[..Math.Min(most, buffer.Length)]);
    }
}
