using System.Text;
using System.Text.Json;
using EventCalls.Contracts.Reading;

namespace EventCalls.Contracts.Tests.Reading;

/// <summary>A past call's headers are kept as bytes and say what the serializer's say, however their JSON is written.</summary>
public sealed class PackedHeadersTests
{
    public static TheoryData<string> Written =>
    [
        """[]""",
        """[{"name":"From","value":"<sip:a@example.com>"},{"name":"v","value":""}]""",
        """[ { "name" : "Subject", "value" : "\"quoted\" \\ \u00e4\u4e2d \ud83d\ude00 end" } ]""",
        """[{"name":"Übergabe","value":"ÄÖ中😀"},{"name":"From","value":"1"},{"name":"From","value":"2"}]""",
        // Otherwise than we write it.
        """[{"value":"first","name":"From"}]""",
        """[{"name":"From","value":"x","more":{"a":[1]}}]""",
        """[{"name":"From","name":"To","value":"x"}]""",
        $$"""[{"name":"A","value":"{{new string('x', 62)}}"},{"name":"B","value":"{{new string('y', 63)}}"},{"name":"C","value":"\"{{new string('z', 63)}}"}]""",
        $$"""[{"name":"A","value":"{{new string('x', 8191)}}"},{"name":"B","value":"\"{{new string('ä', 9000)}}"},{"name":"C","value":"c"}]""",
    ];

    [Theory]
    [MemberData(nameof(Written))]
    public void What_is_packed_is_what_was_written(string json)
    {
        var expected = JsonSerializer.Deserialize<List<SipHeader>>(json, JsonSerializerOptions.Web)!;

        var read = Read(json);

        Assert.Equal(expected, read);
        Assert.Equal(expected.Count, read.Count);
        Assert.Equal(expected, Enumerable.Range(0, read.Count).Select(i => read[i]));
    }

    [Fact]
    public void One_after_the_other_they_are_looked_at_without_the_others_becoming_texts()
    {
        var packed = Assert.IsType<PackedHeaders>(Read("""[{"name":"From","value":"a"},{"name":"To","value":"b"}]"""));

        var fields = packed.Look();
        var seen = new List<string>();
        while (fields.Next())
            seen.Add($"{Encoding.UTF8.GetString(fields.Name)} {fields.NameText} {fields.Value}");

        Assert.Equal(["From From a", "To To b"], seen);
    }

    [Theory]
    [InlineData("""[{"name":"From","value":null}]""")]
    [InlineData("""[{"name":"From"}]""")]
    [InlineData("""[{"name":"From","value":"x"},7]""")]
    [InlineData("""{"name":"From","value":"x"}""")]
    public void What_is_no_header_is_told(string json) => Assert.Throws<JsonException>(() => Read(json));

    [Fact]
    public void Bytes_that_are_no_text_are_told()
    {
        byte[] event1 = [.. """{"headers":[{"name":"From","value":"x"""u8, 0xC3, .. "\"}]}"u8];

        Assert.ThrowsAny<InvalidOperationException>(() => EventFields.Read(event1));
    }

    [Theory]
    [InlineData("01890a5d-ac96-774b-bcce-b302099a8057", true)]
    [InlineData("01890A5D-AC96-774B-BCCE-B302099A8057", true)]
    [InlineData("01890a5dac96-774b-bcce-b302099a8057-", false)]
    [InlineData("01890a5d-ac96-774b-bcce-b302099a805g", false)]
    [InlineData("{01890a5d-ac96-774b-bcce-b302099a80}", false)]
    [InlineData("", false)]
    public void An_id_is_read_as_the_framework_reads_it(string text, bool isId)
    {
        Assert.Equal(isId, IdText.TryParse(Encoding.UTF8.GetBytes(text), out var id));
        Assert.Equal(isId ? Guid.Parse(text) : Guid.Empty, id);
    }

    private static IReadOnlyList<SipHeader> Read(string headers) =>
        EventFields.Read(Encoding.UTF8.GetBytes($$"""{"headers":{{headers}}}""")).Headers!;
}
