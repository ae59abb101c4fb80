using EventCalls.Console;
using EventCalls.Host.Composition;
using EventCalls.Media.Sessions;
using EventCalls.Telephony.Configuration;

namespace EventCalls.Host.Tests;

/// <summary>Recordings as nodes write them, opened for the console with the configured folder and key.</summary>
public sealed class RecordingFilesTests : IDisposable
{
    private static readonly string s_key = Convert.ToBase64String(new byte[32]);

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("eventcalls-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Theory]
    [InlineData(false, false, "RIFF")]
    [InlineData(false, true, "RIFF")]
    [InlineData(true, true, "OggS")]
    public async Task What_a_node_wrote_is_opened_in_the_clear(bool isOpus, bool isEncrypted, string begins)
    {
        string location = await RecordAsync(isOpus, isEncrypted ? s_key : null);
        var files = new RecordingFiles(new MediaOptions { Recordings = _folder.FullName, RecordingKey = s_key });

        var opened = files.Open(location);
        using var audio = opened.Audio!;
        var head = new byte[4];
        audio.ReadExactly(head);
        Assert.Equal((RecordingPlace.Here, begins, isOpus), (opened.Place, System.Text.Encoding.ASCII.GetString(head), files.IsOpus(location)));
        audio.Position = 0;
        Assert.Equal(2, files.Peaks(audio, isOpus, 10, default)!.Count);
    }

    [Fact]
    public async Task Without_the_key_and_out_of_the_folder_nothing_is_opened()
    {
        string location = await RecordAsync(isOpus: false, s_key);
        var opened = new RecordingFiles(new MediaOptions { Recordings = _folder.FullName }).Open(location);
        Assert.Equal((RecordingPlace.Unreadable, null), (opened.Place, opened.Audio));
        Assert.Contains("give that key", opened.Why, StringComparison.Ordinal);
        Assert.Equal(RecordingPlace.Outside, new RecordingFiles(new MediaOptions { Recordings = _folder.FullName + "-other", RecordingKey = s_key }).Open(location).Place);
        Assert.Equal(RecordingPlace.Missing, new RecordingFiles(new MediaOptions { Recordings = _folder.FullName }).Open(location + ".wav").Place);
    }

    private async Task<string> RecordAsync(bool isOpus, string? key)
    {
        using var recorder = new MediaRecorder(_folder.FullName, "{call}", isOpus, key, TimeProvider.System);
        var recording = recorder.Begin("call-1", DateTimeOffset.UnixEpoch, "", "", "", "");
        return (await recording.StopAsync()).Location!;
    }
}
