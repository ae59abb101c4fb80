using EventCalls.Media.Recording;

namespace EventCalls.Media.Tests.Recording;

public class RecordingPathTests
{
    private static readonly RecordingDetails s_details = new("a84b4c76e66710@pc33", new DateTimeOffset(2026, 3, 9, 17, 5, 6, TimeSpan.Zero))
    {
        Caller = "+49301234",
        Callee = "../../etc/passwd",
        Trunk = "",
        Flow = "Zürich\0/x",
    };

    [Theory]
    [InlineData("{date:yyyy/MM/dd}/{call}.wav", "2026/03/09/a84b4c76e66710@pc33")]
    [InlineData("{date:yyyyMMdd-HHmmss}_{caller}_{callee}_{call}", "20260309-170506_+49301234__._.__etc_passwd_a84b4c76e66710@pc33")]
    [InlineData("{trunk}/{flow}/{call}", "unknown/Z_rich__x/a84b4c76e66710@pc33")]
    [InlineData("./x//{call}.opus", "x/a84b4c76e66710@pc33")]
    [InlineData("{callee}/{call}", "_._.__etc_passwd/a84b4c76e66710@pc33")]
    public void A_recording_has_the_path_of_its_pattern(string pattern, string path) =>
        Assert.Equal("/r/" + path, RecordingPath.TryParse(pattern, out string? error)?.Resolve("/r", s_details) ?? error);

    [Theory]
    [InlineData("{date:yyyy}/{caller}", "has no {call}")]
    [InlineData("{call}/{number}", "names '{number}'")]
    [InlineData("../{call}", "'..'")]
    [InlineData("/var/{call}", "begins with '/'")]
    [InlineData("{call", "without a '}'")]
    [InlineData("call}{call}", "without a '{'")]
    [InlineData("{date:'..'}{call}", "has a {date:…}")]
    [InlineData("{date:y}{call}", "has a {date:…}")]
    [InlineData("{call:x}", "names '{call:x}'")]
    [InlineData("", "has no {call}")]
    public void A_pattern_that_is_none_is_told_with_what_is_wrong(string pattern, string what)
    {
        Assert.Null(RecordingPath.TryParse(pattern, out string? error));
        Assert.Contains(what, error, StringComparison.Ordinal);
    }

    [Fact]
    public void Whatever_a_call_brings_along_its_recording_is_in_the_folder()
    {
        var random = new Random(6);
        const string Signs = "./\\~:%\0\n-ab \u202e\uff0e{}*?";
        var path = RecordingPath.TryParse("{caller}/{callee}/{date:yyyy}/{flow}{trunk}-{call}", out _)!;
        for (int i = 0; i < 20_000; i++)
        {
            string full = path.Resolve("/r", new RecordingDetails(Any(), s_details.StartedAt) { Caller = Any(), Callee = Any(), Flow = Any(), Trunk = Any() });
            Assert.StartsWith("/r/", full, StringComparison.Ordinal);
            Assert.DoesNotContain("..", full[3..].Split('/'));
            Assert.All(full.Split('/'), name => Assert.InRange(name.Length, 0, 200));
        }

        string Any() => string.Concat(Enumerable.Range(0, random.Next(random.Next(10) == 0 ? 400 : 8)).Select(_ => Signs[random.Next(Signs.Length)]));
    }
}
