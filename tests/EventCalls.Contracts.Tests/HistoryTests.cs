using System.Buffers;
using System.Security.Cryptography;
using System.Text.Json;
using EventCalls.Contracts.Reading;
using EventCalls.Testing.Histories;

namespace EventCalls.Contracts.Tests;

/// <summary>Calls that were recorded once are read for ever.</summary>
public sealed class HistoryTests
{
    public static TheoryData<string> Names => [.. RecordedHistory.Names];

    [Theory]
    [MemberData(nameof(Names))]
    public void A_recorded_event_is_read_and_written_back_with_nothing_lost(string history)
    {
        foreach (var (type, data) in RecordedHistory.Of(history).Events)
        {
            var written = new ArrayBufferWriter<byte>();
            CallEventCodec.WriteData(written, CallEventCodec.Read(type, data));
            using var was = JsonDocument.Parse(data);
            using var now = JsonDocument.Parse(written.WrittenMemory);
            MustHold(was.RootElement, now.RootElement, type);
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void The_fast_reader_reads_a_recorded_event_as_the_codec_does(string history)
    {
        foreach (var (type, data) in RecordedHistory.Of(history).Events)
        {
            var fields = EventFields.Read(data);
            var (e, fast) = CallEventCodec.Read(type, data) switch
            {
                CallStarted started => (started with { OfferedMedia = null, ImportedFrom = null }, fields.ToCallStarted()),
                FlowSelected selected => (selected with { DecisionMicroseconds = 0 }, fields.ToFlowSelected()),
                HandoffRequested requested => (requested, fields.ToHandoffRequested()),
                TransferStarted started => (started with { CallerId = null, HeadersSent = [] }, fields.ToTransferStarted()),
                var other => ((CallEvent)other, (CallEvent?)null),
            };
            Assert.Equal((e.EventId, e.CallId, e.CausationId, e.OccurredAt), (fields.EventId!.Value, fields.CallId!.Value, fields.CausationId!.Value, fields.OccurredAt!.Value));
            if (fast is not null)
                Assert.Equal(JsonOf(e with { AfterId = null }), JsonOf(fast));
            if (e is TransferCompleted completed)
                Assert.Equal((completed.HandoffId, completed.Attempt, completed.Outcome, completed.PostDialDelayMs), (fields.HandoffId!.Value, fields.Attempt!.Value, fields.Outcome!.Value, fields.PostDialDelayMs));
        }
    }

    [Fact]
    public void Every_event_and_every_handoff_method_and_parameter_is_in_a_history()
    {
        var events = RecordedHistory.Names.SelectMany(name => RecordedHistory.Of(name).Events).Select(e => CallEventCodec.Read(e.Type, e.Data)).ToList();
        var steps = events.OfType<HandoffRequested>().SelectMany(e => e.Steps).ToList();

        Assert.Empty(CallEventNames.All.Select(e => e.Name).Except(events.Select(CallEventNames.Of)));
        Assert.Empty(Enum.GetValues<HandoffMethod>().Except(steps.Select(s => s.Method)));
        Assert.Empty(HandoffFields.All.Where(field => steps.All(step => string.IsNullOrEmpty(field.TextOf(step)))).Select(field => field.Name));
    }

    [Fact]
    public void A_history_is_never_edited()
    {
        foreach (string folder in RecordedHistory.Folders)
        {
            var sums = File.ReadLines(Path.Combine(folder, "SHA256SUMS")).Select(line => line.Split("  ")).ToDictionary(parts => parts[1], parts => parts[0]);
            var files = Directory.GetFiles(folder, "*", SearchOption.AllDirectories).ToDictionary(path => Path.GetRelativePath(folder, path).Replace('\\', '/'));
            files.Remove("SHA256SUMS");
            var edited = sums.Where(sum => files.TryGetValue(sum.Key, out string? path) && Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(path))) != sum.Value);
            Assert.True(!edited.Any(), $"{Path.GetFileName(folder)}: {string.Join(", ", edited.Select(e => e.Key))} was edited. A history is what a past version recorded, and what is in stores today; restore it, and give a new format a new folder.");
            Assert.True(!sums.Keys.Except(files.Keys).Any(), $"{Path.GetFileName(folder)}: {string.Join(", ", sums.Keys.Except(files.Keys))} is gone. What a past version recorded stays in stores, so its history stays here.");
            Assert.True(!files.Keys.Except(sums.Keys).Any(), $"{Path.GetFileName(folder)}: {string.Join(", ", files.Keys.Except(sums.Keys))} is not in SHA256SUMS: add its line, so that it stays as it is.");
        }
    }

    // A member that a later version adds may be there besides; each that was recorded is there with the same bytes.
    private static void MustHold(JsonElement was, JsonElement now, string where)
    {
        Assert.True(was.ValueKind == now.ValueKind, $"{where}: {was.GetRawText()} became {now.GetRawText()}");
        switch (was.ValueKind)
        {
            case JsonValueKind.Object:
                foreach (var member in was.EnumerateObject())
                {
                    Assert.True(now.TryGetProperty(member.Name, out var value), $"{where}: {member.Name} was lost");
                    MustHold(member.Value, value, $"{where}.{member.Name}");
                }
                break;
            case JsonValueKind.Array:
                Assert.True(was.GetArrayLength() == now.GetArrayLength(), $"{where}: {was.GetRawText()} became {now.GetRawText()}");
                foreach (var (item, index) in was.EnumerateArray().Select((item, index) => (item, index)))
                    MustHold(item, now[index], $"{where}[{index}]");
                break;
            default:
                Assert.True(was.GetRawText() == now.GetRawText(), $"{where}: {was.GetRawText()} became {now.GetRawText()}");
                break;
        }
    }

    private static string JsonOf(CallEvent e)
    {
        var written = new ArrayBufferWriter<byte>();
        CallEventCodec.WriteData(written, e);
        return System.Text.Encoding.UTF8.GetString(written.WrittenSpan);
    }
}
