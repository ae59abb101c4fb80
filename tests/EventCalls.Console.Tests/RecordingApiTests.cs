using System.Net;
using System.Net.Http.Headers;
using EventCalls.Console.Security;
using EventCalls.Contracts;

namespace EventCalls.Console.Tests;

/// <summary>Recordings over HTTP: what is told of them, who hears them, and what is not opened.</summary>
public sealed class RecordingApiTests : IAsyncLifetime
{
    private readonly TestRecordings _files = new();
    private ServedStore _console = null!;

    private static string Path(int call = 1, string rest = "") => $"/api/calls/{new SampleCall(call).Id}/recordings{rest}";

    public async Task InitializeAsync()
    {
        _files.Files[RecordedMediaCall.Location] = TestRecordings.Wav(RecordedMediaCall.Seconds);
        _console = await ServedStore.StartAsync(sources: s => s with { Recordings = _files });
        await _console.AppendAsync(RecordedMediaCall.Of(1, RecordedMediaCall.Stored()).Events);
    }

    public async Task DisposeAsync() => await _console.DisposeAsync();

    [Fact]
    public async Task A_calls_recordings_are_listed_from_its_events_with_when_they_began()
    {
        var list = await _console.Client.JsonAsync(Path());
        Assert.Equal("edge-1", list.GetProperty("node").GetString());
        var one = Assert.Single(list.GetProperty("recordings").EnumerateArray());
        Assert.Equal((1, 12_000, true, RecordedMediaCall.Location),
            (one.GetProperty("number").GetInt32(), one.GetProperty("durationMs").GetInt32(), one.GetProperty("here").GetBoolean(), one.GetProperty("location").GetString()));
        Assert.Equal(RecordedMediaCall.Of(1).Events.OfType<TransferCompleted>().Single().OccurredAt, one.GetProperty("startedAt").GetDateTimeOffset());
        await _console.AppendAsync(new SampleCall(2).Events);
        Assert.Empty((await _console.Client.JsonAsync(Path(2))).GetProperty("recordings").EnumerateArray());
    }

    [Fact]
    public async Task A_recording_is_heard_whole_or_in_part()
    {
        using var whole = await _console.Client.GetAsync(Path(rest: "/1"));
        byte[] bytes = await whole.Content.ReadAsByteArrayAsync();
        Assert.Equal(("audio/wav", "bytes"), (whole.Content.Headers.ContentType!.MediaType, Assert.Single(whole.Headers.AcceptRanges)));
        Assert.Equal(_files.Files[RecordedMediaCall.Location], bytes);
        using var part = await _console.Client.SendAsync(Ranged(100_000, 100_999));
        Assert.Equal(HttpStatusCode.PartialContent, part.StatusCode);
        Assert.Equal($"bytes 100000-100999/{bytes.Length}", part.Content.Headers.ContentRange!.ToString());
        Assert.Equal(bytes[100_000..101_000], await part.Content.ReadAsByteArrayAsync());
        using var end = await _console.Client.SendAsync(Ranged(null, 500));
        Assert.Equal(bytes[^500..], await end.Content.ReadAsByteArrayAsync());
        using var beyond = await _console.Client.SendAsync(Ranged(bytes.Length, null));
        Assert.Equal(HttpStatusCode.RequestedRangeNotSatisfiable, beyond.StatusCode);
    }

    [Fact]
    public async Task The_waveform_is_an_image_that_runs_nothing()
    {
        using var image = await _console.Client.GetAsync(Path(rest: "/1/waveform.svg"));
        Assert.Equal("image/svg+xml", image.Content.Headers.ContentType!.MediaType);
        Assert.Contains("default-src 'none'", Assert.Single(image.Headers.GetValues("Content-Security-Policy")), StringComparison.Ordinal);
        var svg = System.Xml.Linq.XDocument.Parse(await image.Content.ReadAsStringAsync());
        Assert.Equal(2, svg.Root!.Elements().Count(e => e.Name.LocalName == "path"));
    }

    [Theory]
    [InlineData("/2", "there are 1 to 1")]
    [InlineData("/0", "there are 1 to 1")]
    [InlineData("/x", "no recording 'x'")]
    [InlineData("/..%2F..%2Fetc%2Fpasswd", "no recording")]
    [InlineData("/2/waveform.svg", "there are 1 to 1")]
    public async Task A_number_that_the_call_has_not_is_unknown_and_opens_nothing(string rest, string says)
    {
        Assert.Contains(says, (await _console.Client.ProblemAsync(Path(rest: rest), 404)).Detail, StringComparison.Ordinal);
        Assert.Empty(_files.Opened);
    }

    [Fact]
    public async Task A_call_that_is_not_there_or_has_none_says_so()
    {
        await _console.AppendAsync(new SampleCall(2).Events);
        Assert.Equal("The call has no recording.", (await _console.Client.ProblemAsync(Path(2, "/1"), 404)).Detail);
        Assert.Contains("There is no call", (await _console.Client.ProblemAsync("/api/calls/nobody/recordings/1", 404)).Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task One_on_another_node_is_not_found_with_that_nodes_name_and_one_elsewhere_is_not_looked_for()
    {
        _files.Places["/etc/shadow"] = RecordingPlace.Outside;
        await _console.AppendAsync(RecordedMediaCall.Of(2, RecordedMediaCall.Stored("/data/other.wav"), RecordedMediaCall.Stored("/etc/shadow")).Events);
        Assert.Contains("made by node edge-1 as /data/other.wav, and there is no such file here", (await _console.Client.ProblemAsync(Path(2, "/1"), 404)).Detail, StringComparison.Ordinal);
        Assert.Contains("outside of this process's Media:Recordings", (await _console.Client.ProblemAsync(Path(2, "/2"), 404)).Detail, StringComparison.Ordinal);
        Assert.All((await _console.Client.JsonAsync(Path(2))).GetProperty("recordings").EnumerateArray(), r => Assert.False(r.GetProperty("here").GetBoolean()));
    }

    [Fact]
    public async Task One_whose_key_is_not_here_says_which_is_needed()
    {
        _files.Places["/data/locked.wav.enc"] = RecordingPlace.Unreadable;
        await _console.AppendAsync(RecordedMediaCall.Of(2, RecordedMediaCall.Stored("/data/locked.wav.enc")).Events);
        foreach (string rest in new[] { "/1", "/1/waveform.svg" })
            Assert.Contains("key 0011223344556677, which is not here", (await _console.Client.ProblemAsync(Path(2, rest), 503)).Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_left_of_one_that_failed_is_heard_too_and_says_that_it_is_not_whole()
    {
        var failed = new RecordingFailed { EventId = default, CallId = default, CausationId = default, OccurredAt = default, Why = "no space is left", Location = RecordedMediaCall.Location, DurationMs = 5000 };
        await _console.AppendAsync(RecordedMediaCall.Of(2, failed with { Location = null }, failed).Events);
        var one = Assert.Single((await _console.Client.JsonAsync(Path(2))).GetProperty("recordings").EnumerateArray());
        Assert.Equal("no space is left", one.GetProperty("whyFailed").GetString());
        using var audio = await _console.Client.GetAsync(Path(2, "/1"));
        Assert.Equal(HttpStatusCode.OK, audio.StatusCode);
    }

    [Fact]
    public async Task No_scope_hears_recordings_only_a_key_that_may_listen()
    {
        using var keys = new Keys();
        string administer = keys.New("root", ApiScope.Administer), listen = keys.New("quality", ApiScope.Read, listen: true);
        await using var console = await ServedStore.StartAsync(o => o with { Keys = keys.Path }, s => s with { Recordings = _files });
        await console.AppendAsync(RecordedMediaCall.Of(1, RecordedMediaCall.Stored()).Events);
        console.Client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", administer);
        await console.Client.JsonAsync(Path());
        foreach (string rest in new[] { "/1", "/1/waveform.svg" })
            Assert.Contains("'root' may not hear recordings, whatever its scope", (await console.Client.ProblemAsync(Path(rest: rest), 403)).Detail, StringComparison.Ordinal);
        Assert.Empty(_files.Opened);
        console.Client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", listen);
        using var audio = await console.Client.GetAsync(Path(rest: "/1"));
        Assert.Equal(HttpStatusCode.OK, audio.StatusCode);
        await console.Client.ProblemAsync(Answers.Post($"/api/calls/{new SampleCall(1).Id}/hangup", "{}"), 403);
    }

    [Fact]
    public async Task Who_hears_what_is_in_the_log()
    {
        using var keys = new Keys();
        var log = new LoggedLines();
        await using var console = await ServedStore.StartAsync(o => o with { Keys = keys.Path }, s => s with { Recordings = _files }, loggers: log);
        await console.AppendAsync(RecordedMediaCall.Of(1, RecordedMediaCall.Stored()).Events);
        console.Client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", keys.New("quality", ApiScope.Read, listen: true));
        using (await console.Client.GetAsync(Path(rest: "/1/waveform.svg")))
            Assert.DoesNotContain(log.Lines, line => line.Contains("hears", StringComparison.Ordinal));
        using (await console.Client.SendAsync(Ranged(100, 200)))
            Assert.Contains($"'quality' hears recording 1 of call {new SampleCall(1).Id} (bytes=100-200).", log.Lines);
    }

    private static HttpRequestMessage Ranged(long? from, long? to) => new(HttpMethod.Get, Path(rest: "/1")) { Headers = { Range = new RangeHeaderValue(from, to) } };
}
