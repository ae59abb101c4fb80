using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using EventCalls.Console.Tests.Pages;
using EventCalls.Interop.Tests.Fixtures;
using EventCalls.Testing;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace EventCalls.Interop.Tests;

/// <summary>A real call with real sound, recorded encrypted, heard in a real browser.</summary>
[Collection(nameof(Browser))]
public sealed class RecordingsHeard(Browser browser, ListeningService service) : IClassFixture<ListeningService>
{
    private const int CallerHertz = 440;
    private const int TargetHertz = 1000;
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task A_call_is_heard_on_its_page_from_the_digit_on_and_over_the_API_in_the_clear_though_its_file_is_not()
    {
        var call = await CallAsync();
        string file = call.Only("recording_stored")["location"]!;
        Assert.EndsWith(".wav.enc", file, StringComparison.Ordinal);
        string path = $"/api/calls/{call.CallId:D}/recordings/1";

        using var client = new HttpClient { BaseAddress = service.Address };
        byte[] bytes = await client.GetByteArrayAsync(path);
        string heard = Path.Combine(Path.GetTempPath(), $"{call.CallId:N}.wav");
        await File.WriteAllBytesAsync(heard, bytes);
        Assert.True(Tones.Tenths(Tones.Read(heard, channel: 0), CallerHertz) >= 10, "The left channel is not the caller.");
        Assert.True(Tones.Tenths(Tones.Read(heard, channel: 1), TargetHertz) >= 10, "The right channel is not the target.");
        File.Delete(heard);
        string shown = Assert.Single(DocumentedCommands.Of("api.md"), text => text.Contains(DocumentedApi.OfRecordings, StringComparison.Ordinal));
        string folder = Directory.CreateTempSubdirectory("eventcalls-heard-").FullName;
        await DocumentedCommands.RunAsync(shown, folder, "", ("http://127.0.0.1:8080", service.Address.GetLeftPart(UriPartial.Authority)), ("0199c3d2-7a1b-7000-8000-000000000001", $"{call.CallId:D}"));
        Assert.Equal(bytes, await File.ReadAllBytesAsync(Path.Combine(folder, "call.wav")));
        Directory.Delete(folder, recursive: true);
        using var request = new HttpRequestMessage(HttpMethod.Get, path) { Headers = { Range = new RangeHeaderValue(20_000, 20_999) } };
        using var part = await client.SendAsync(request);
        Assert.Equal(HttpStatusCode.PartialContent, part.StatusCode);
        Assert.Equal(bytes[20_000..21_000], await part.Content.ReadAsByteArrayAsync());
        // What moved first is what began it: a mark is where it is heard.
        var began = (await client.GetFromJsonAsync<System.Text.Json.JsonElement>($"/api/calls/{call.CallId:D}/recordings")).GetProperty("recordings")[0].GetProperty("startedAt").GetDateTimeOffset();
        Assert.InRange((began - call.Only("transfer_completed").OccurredAt).TotalSeconds, -0.3, 0.3);

        foreach (var (scheme, width) in new[] { (ColorScheme.Light, 1280), (ColorScheme.Dark, 360) })
        {
            await using var tab = await browser.OpenAsync(service.Address, $"/calls/{call.CallId:D}", scheme, width);
            await Expect(tab.Page.Locator(".lane-picture img")).ToBeVisibleAsync();
            await tab.Page.Locator(".marks button", new() { HasText = "the caller pressed 5" }).ClickAsync();
            await tab.Page.WaitForFunctionAsync("() => { const a = document.querySelector('audio'); return a.played.length > 0 && a.played.start(0) > 0.5; }");
            await Expect(tab.Page.Locator("table.media tbody tr")).ToHaveCountAsync(2);
            await tab.MustBeForEverybodyAsync($"recorded-call-{scheme}");
            Assert.Empty(tab.Errors);
        }

        await client.GetAsync($"{path}/waveform.svg");
        File.Delete(file);
        using var gone = await client.GetAsync(path);
        Assert.Equal(HttpStatusCode.NotFound, gone.StatusCode);
    }

    private async Task<CallStream> CallAsync()
    {
        await using var target = await BaresipAgent.StartAsync(port: service.Settings.TargetPort, hertz: TargetHertz);
        await using var caller = await BaresipAgent.StartAsync(hertz: CallerHertz);
        await caller.DialAsync($"sip:bridge_to_agent@{service.Process.SipAddress}");
        await target.WaitForAsync("CALL_ESTABLISHED", s_limit);
        await HearAsync(caller, TargetHertz);
        await HearAsync(target, CallerHertz);
        await caller.CommandAsync("sndcode", "5");
        await target.WaitForAsync("CALL_DTMF_END", s_limit);
        await caller.HangUpAsync();
        return await service.Process.EndedCallAsync(caller.Events.First(e => e.Direction == "outgoing" && e.CallId.Length > 0).CallId);
    }

    private static async Task HearAsync(BaresipAgent agent, int hertz)
    {
        var clock = System.Diagnostics.Stopwatch.StartNew();
        while (!agent.Heard.Any(file => Tones.Tenths(Tones.Read(file), hertz) >= 10))
        {
            Assert.True(clock.Elapsed < s_limit, $"It did not hear {hertz} Hz for a second.\n{agent.Describe()}");
            await Task.Delay(100);
        }
    }
}
