using EventCalls.Contracts;
using EventCalls.Testing;

namespace EventCalls.Import.Tests;

public class ImportOnceTests
{
    [Fact]
    public async Task Whatever_is_imported_twice_is_stored_once_and_said_to_be_there()
    {
        var random = new Random(17);
        for (int round = 0; round < 25; round++)
        {
            await using var imported = new Imported();
            byte[] bytes = RandomTraffic(random);
            var first = await imported.ImportAsync(bytes);
            var before = await imported.CallsAsync();
            var second = await imported.ImportAsync([("again.pcap", bytes)]);

            Assert.Equal(first.Calls, first.Imported);
            Assert.Equal((first.Calls, 0L, first.Calls), (second.Calls, second.Imported, second.AlreadyThere));
            Assert.Equal(before.SelectMany(c => c).Select(e => e.EventId), (await imported.CallsAsync()).SelectMany(c => c).Select(e => e.EventId));
        }
    }

    [Fact]
    public async Task A_call_that_another_tap_saw_a_little_later_is_the_same_and_a_Call_ID_used_again_is_not()
    {
        await using var imported = new Imported();
        await imported.ImportAsync(new WireCall(CaptureBytes.Pcap()).Simple().Bytes);
        var tap = await imported.ImportAsync([("tap.pcap", new WireCall(CaptureBytes.Pcap()).After(0.002).Simple().Bytes)]);
        var again = await imported.ImportAsync([("later.pcap", new WireCall(CaptureBytes.Pcap()).After(3_600).Simple().Bytes)]);

        Assert.Equal((0L, 1L), (tap.Imported, tap.AlreadyThere));
        Assert.Equal((1L, 0L), (again.Imported, again.AlreadyThere));
    }

    [Fact]
    public async Task The_order_of_the_files_does_not_matter_and_a_call_goes_on_in_the_next()
    {
        var capture = CaptureBytes.Pcap();
        var wire = new WireCall(capture).Request(WireCall.Carrier, WireCall.Us, "INVITE").Response(WireCall.Us, WireCall.Carrier, "200 OK");
        byte[] first = capture.Bytes;
        wire.After(60).Request(WireCall.Carrier, WireCall.Us, "BYE", branch: "9", toTag: "tt", cseq: 2);
        byte[] second = [.. CaptureBytes.Pcap().Bytes, .. capture.Bytes[first.Length..]];

        await using var imported = new Imported();
        var result = await imported.ImportAsync([("b.pcap", second), ("a.pcap", first)]);

        Assert.Equal(["a.pcap", "b.pcap"], result.Files.Select(f => f.Name));
        Assert.Equal([1L, 0L], result.Files.Select(f => f.Calls));
        var call = await imported.CallAsync();
        Assert.Equal("import:a.pcap", ((CallStarted)call[0]).Node);
        Assert.Equal(CallEndCause.HungUp, ((CallEnded)call[^1]).Cause);
    }

    [Fact]
    public async Task Ids_sort_by_the_time_of_the_call_and_are_UUIDs_of_version_7()
    {
        await using var imported = new Imported();
        await imported.ImportAsync(new WireCall(CaptureBytes.Pcap()).Simple("1@c").Simple("2@c", "+15550000002").Simple("3@c", "+15550000003").Bytes);

        var calls = await imported.CallsAsync();
        Assert.Equal(calls.Select(c => c[0].CallId.ToString()).Order(StringComparer.Ordinal), calls.Select(c => c[0].CallId.ToString()));
        Assert.All(calls, c => Assert.Equal(7, c[0].CallId.Version));
        Assert.StartsWith(Guid.CreateVersion7(CaptureBytes.Start).ToString()[..13], calls[0][0].CallId.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Many_calls_that_end_together_are_all_stored()
    {
        await using var imported = new Imported();
        var wire = new WireCall(CaptureBytes.Pcap());
        for (int i = 0; i < 1_500; i++)
            wire.After(-0.0099).Request(WireCall.Carrier, WireCall.Us, "INVITE", $"{i}@carrier", caller: $"+1555{i:0000000}");
        var result = await imported.ImportAsync(wire.Bytes);

        Assert.Equal((1_500L, 1_500L), (result.Calls, result.Imported));
        Assert.Equal(1_500, (await imported.CallsAsync()).Count);
    }

    private static byte[] RandomTraffic(Random random)
    {
        var wire = new WireCall(random.Next(2) == 0 ? CaptureBytes.Pcap() : CaptureBytes.Pcapng().Interface(1));
        for (int i = random.Next(1, 20); i > 0; i--)
        {
            string id = $"{random.Next(1_000)}@carrier";
            string caller = $"+1555{random.Next(10_000_000):0000000}";
            switch (random.Next(4))
            {
                case 0:
                    wire.Simple(id, caller);
                    break;
                case 1:
                    wire.Request(WireCall.Carrier, WireCall.Us, "INVITE", id, caller: caller).Response(WireCall.Us, WireCall.Carrier, $"{random.Next(300, 700)} No", callId: id);
                    break;
                case 2:
                    wire.Request(WireCall.Carrier, WireCall.Us, "INVITE", id, caller: caller).Request(WireCall.Us, WireCall.Target, "INVITE", $"b{id}", caller: caller, callee: "4100")
                        .Response(WireCall.Target, WireCall.Us, $"{random.Next(180, 700)} What", callId: $"b{id}");
                    break;
                default:
                    wire.Request(WireCall.Carrier, WireCall.Us, "INVITE", id, caller: caller);
                    break;
            }
            wire.After(random.NextDouble() * 40);
        }
        return wire.Bytes;
    }
}
