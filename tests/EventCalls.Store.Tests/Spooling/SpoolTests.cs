using System.Text;
using EventCalls.Store.Spooling;
using EventCalls.Testing.Logging;
using Microsoft.Extensions.Logging;

namespace EventCalls.Store.Tests.Spooling;

public sealed class SpoolTests : IDisposable
{
    private readonly DirectoryInfo _parent = Directory.CreateTempSubdirectory("eventcalls-spool-");
    private readonly RecordingLogger _log = new();

    private string Folder => Path.Combine(_parent.FullName, "spool");

    public void Dispose() => _parent.Delete(recursive: true);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void What_was_taken_and_not_settled_is_read_back_in_order(bool flush)
    {
        using (var spool = Open(flush: flush))
        {
            var settled = spool.Append("gone"u8, 1);
            foreach (int n in Enumerable.Range(0, 100))
                spool.Append(Encoding.UTF8.GetBytes($"batch {n}"), n + 1);
            spool.Settle(settled);
            Assert.Equal(5050, spool.OwedEvents);
        }
        using var again = Open();
        Assert.Equal(5050 + 1, again.OwedEvents);
        Assert.Equal(["gone", .. Enumerable.Range(0, 100).Select(n => $"batch {n}")], Payloads(again));
    }

    [Fact]
    public void A_file_is_deleted_when_all_of_it_is_settled()
    {
        using var spool = Open(segment: 4096);
        var records = Enumerable.Range(0, 50).Select(_ => spool.Append(new byte[1000], 1)).ToList();
        Assert.True(Files().Count > 10, $"{Files().Count} files");
        records.ForEach(spool.Settle);
        spool.Tend();
        Assert.Equal(2, Files().Count);
        Assert.Equal(0, spool.OwedEvents);
    }

    [Fact]
    public void What_is_settled_does_not_stay_on_the_disk_while_it_is_quiet()
    {
        using var spool = Open();
        spool.Settle(spool.Append("a caller's number"u8, 1));
        spool.Tend();
        Assert.DoesNotContain(Files(), f => Encoding.UTF8.GetString(ReadShared(f)).Contains("a caller's number", StringComparison.Ordinal));
    }

    [Fact]
    public void A_folder_that_was_removed_is_made_again_and_what_is_owed_is_still_given()
    {
        using (var spool = Open())
        {
            var before = spool.Append("before"u8, 1);
            Directory.Delete(Folder, recursive: true);

            spool.Tend();
            var after = spool.Append("after"u8, 2);

            Assert.False(spool.IsFull);
            Assert.Equal("before", Encoding.UTF8.GetString(Spool.Read(before)));
            Assert.Contains(_log.Lines, l => l.Text.Contains("were removed while they were written", StringComparison.Ordinal));
            spool.Settle(before);
            Assert.Equal(2, spool.OwedEvents);
            _ = after;
        }
        using var again = Open();
        Assert.Equal(["after"], Payloads(again));
    }

    [Fact]
    public void A_folder_that_is_gone_when_it_is_closed_harms_nobody()
    {
        var spool = Open();
        spool.Settle(spool.Append("x"u8, 1));
        Directory.Delete(Folder, recursive: true);
        spool.Dispose();
    }

    [Fact]
    public void A_spool_that_owes_nothing_leaves_no_files()
    {
        using (var spool = Open())
            spool.Settle(spool.Append("x"u8, 1));
        Assert.Empty(Files());
    }

    [Fact]
    public void A_last_record_that_is_cut_off_anywhere_is_passed_over()
    {
        using (var spool = Open())
        {
            spool.Append("first"u8, 1);
            spool.Append("second"u8, 1);
        }
        string file = Files()[0];
        byte[] whole = File.ReadAllBytes(file);
        int second = whole.AsSpan().LastIndexOf("ECR1"u8);
        for (int cut = second; cut < whole.Length; cut++)
        {
            File.WriteAllBytes(file, whole[..cut]);
            using var spool = Open();
            Assert.Equal(["first"], Payloads(spool));
        }
        Assert.DoesNotContain(_log.Lines, l => l.Level == LogLevel.Error);
        Assert.Contains(_log.Lines, l => l.Level == LogLevel.Warning && l.Text.Contains(file, StringComparison.Ordinal));
    }

    [Fact]
    public void A_damaged_record_costs_no_other_and_its_file_is_named_and_kept()
    {
        using (var spool = Open())
        {
            foreach (string text in (string[])["first", "second", "third"])
                spool.Append(Encoding.UTF8.GetBytes(text), 1);
        }
        string file = Files()[0];
        byte[] bytes = File.ReadAllBytes(file);
        bytes[bytes.AsSpan().IndexOf("second"u8)] ^= 1;
        File.WriteAllBytes(file, bytes);

        using (var spool = Open())
        {
            var left = spool.TakeLeft();
            Assert.Equal(["first", "third"], left.Select(r => Encoding.UTF8.GetString(Spool.Read(r))));
            Assert.True(File.Exists(file), "It is put away before what can be read of it is stored.");
            foreach (var record in left)
                spool.Settle(record);
        }

        Assert.Contains(_log.Lines, l => l.Level == LogLevel.Error && l.Text.Contains(file, StringComparison.Ordinal));
        Assert.Equal(bytes, File.ReadAllBytes(file + ".damaged"));
        using var again = Open();
        Assert.Empty(again.TakeLeft());
    }

    [Fact]
    public void A_last_record_that_is_whole_and_damaged_is_kept()
    {
        using (var spool = Open())
            spool.Append("only"u8, 1);
        string file = Files()[0];
        byte[] bytes = File.ReadAllBytes(file);
        bytes[^1] ^= 1;
        File.WriteAllBytes(file, bytes);
        using (var spool = Open())
            Assert.Empty(spool.TakeLeft());
        Assert.True(File.Exists(file + ".damaged"));
    }

    [Theory]
    [InlineData("ECSPOOL2 of a newer version")]
    [InlineData("something else")]
    public void A_file_that_cannot_be_read_is_named_and_left_as_it_is(string content)
    {
        Directory.CreateDirectory(Folder);
        string file = Path.Combine(Folder, "0000000007.spool");
        File.WriteAllText(file, content);
        using (var spool = Open())
        {
            Assert.Empty(spool.TakeLeft());
            spool.Append("x"u8, 1);
        }
        Assert.Equal(content, File.ReadAllText(file));
        Assert.Contains(_log.Lines, l => l.Level == LogLevel.Error && l.Text.Contains(file, StringComparison.Ordinal));
        Assert.Contains(Files(), f => f.EndsWith("0000000008.spool", StringComparison.Ordinal));
    }

    [Fact]
    public void A_name_that_is_no_file_does_not_stop_the_start()
    {
        string name = Directory.CreateDirectory(Path.Combine(Folder, "0000000001.spool")).FullName;
        using var spool = Open();
        spool.Append("x"u8, 1);
        Assert.Contains(_log.Lines, l => l.Level == LogLevel.Error && l.Text.Contains(name, StringComparison.Ordinal));
    }

    [Fact]
    public void A_second_process_does_not_get_the_folder()
    {
        using var spool = Open();
        var error = Assert.Throws<SpoolException>(() => Open());
        Assert.Contains("EventCalls:Store:Spool", error.Message, StringComparison.Ordinal);
        Assert.Contains(Folder, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_folder_that_cannot_be_made_is_named()
    {
        File.WriteAllText(Folder, "a file");
        Assert.Contains(Folder, Assert.Throws<SpoolException>(() => Open()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void It_is_full_above_its_bound_takes_what_comes_nevertheless_and_has_room_again()
    {
        using var spool = Open(max: 8192);
        var records = new List<SpoolRecord>();
        while (!spool.IsFull)
            records.Add(spool.Append(new byte[1000], 3));
        Assert.Equal(9, records.Count);
        records.Add(spool.Append(new byte[1000], 3));
        records.ForEach(spool.Settle);
        Assert.False(spool.IsFull);
        Assert.Single(_log.Lines, l => l.Text.Contains("new calls are refused", StringComparison.Ordinal));
        Assert.Single(_log.Lines, l => l.Text.Contains("new calls are taken", StringComparison.Ordinal));
    }

    [Fact]
    public void A_record_larger_than_a_file_gets_a_file_of_its_own()
    {
        using (var spool = Open(segment: 4096))
        {
            spool.Append("small"u8, 1);
            spool.Append(Encoding.UTF8.GetBytes(new string('x', 100_000)), 1);
            spool.Append("small"u8, 1);
        }
        using var again = Open();
        Assert.Equal([5, 100_000, 5], Payloads(again).Select(p => p.Length));
    }

    [Fact]
    public void Refused_records_are_kept_in_a_file_that_can_be_read_back_by_another_name()
    {
        using (var spool = Open())
        {
            Assert.Equal(Path.Combine(Folder, "refused.spool"), spool.Refuse(spool.Append("one"u8, 1), "one"u8));
            spool.Refuse(spool.Append("two"u8, 1), "two"u8);
            Assert.Equal(0, spool.OwedEvents);
        }
        using (var spool = Open())
        {
            Assert.Empty(spool.TakeLeft());
            spool.Refuse(spool.Append("three"u8, 1), "three"u8);
        }
        File.Move(Path.Combine(Folder, "refused.spool"), Path.Combine(Folder, "0000000100.spool"));
        using var again = Open();
        Assert.Equal(["one", "two", "three"], Payloads(again));
    }

    private Spool Open(int segment = 64 * 1024, long max = 1024 * 1024, bool flush = false) =>
        Spool.Open(new SpoolOptions { Folder = Folder, SegmentBytes = segment, MaxBytes = max, FlushToDisk = flush }, _log);

    private List<string> Files() => [.. Directory.EnumerateFiles(Folder, "0*.spool").Order(StringComparer.Ordinal)];

    private static byte[] ReadShared(string path)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        var bytes = new byte[file.Length];
        file.ReadExactly(bytes);
        return bytes;
    }

    private static List<string> Payloads(Spool spool) => [.. spool.TakeLeft().Select(r => Encoding.UTF8.GetString(Spool.Read(r)))];
}
