using System.Diagnostics;

namespace EventCalls.Store.Tests.Sqlite;

/// <summary>A file on a disk of few megabytes, which only those who may mount can have.</summary>
public sealed class SqliteSmallDiskTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("eventcalls-small-disk-").FullName;
    private readonly SampleCalls _calls = new(1);
    private bool _isMounted;

    private string Ballast => Path.Combine(_folder, "ballast");

    private long FreeBytes => new DriveInfo(_folder).AvailableFreeSpace;

    public void Dispose()
    {
        if (_isMounted)
            Run("umount", "-l", _folder);
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task The_log_of_a_file_does_not_fill_the_disk_that_its_database_has_room_on()
    {
        if (!Mount(megabytes: 6))
            return;
        await using var store = await OpenAsync();

        // Each of them writes some forty kilobytes of pages into the log: more than twice the disk.
        for (int n = 0; n < 400; n++)
            await store.AppendAsync(NextCall(), CancellationToken.None);

        Assert.Equal(400, await CountAsync(store));
    }

    [Fact]
    public async Task Little_room_on_a_disk_that_was_full_is_enough_to_go_on()
    {
        if (!Mount(megabytes: 48))
            return;
        await using var store = await OpenAsync();
        Fill(leaving: 3 * 1024 * 1024);
        int stored = await UntilFullAsync(store, most: 1_000);
        Assert.InRange(stored, 10, 999);

        Fill(leaving: FreeBytes + 1536 * 1024);
        // Without more room the log would take it all for as many again as these, and then none.
        int more = await UntilFullAsync(store, most: 2 * stored);

        Assert.Equal(2 * stored, more);
        Assert.Equal(3 * stored, await CountAsync(store));
    }

    private async Task<ICallStore> OpenAsync()
    {
        var store = SqliteStore.Open(new StoreOptions { Sqlite = Path.Combine(_folder, "calls.db") });
        await store.MigrateAsync(CancellationToken.None);
        // Somebody who reads keeps the file open, so that nothing of it is done at its closing.
        Assert.Equal(0, await CountAsync(store));
        return store;
    }

    private List<EventToAppend> NextCall() => [.. _calls.Bridged().Select(EventToAppend.Of)];

    /// <summary>How many calls were stored before the disk was full.</summary>
    private async Task<int> UntilFullAsync(ICallStore store, int most)
    {
        for (int n = 0; n < most; n++)
        {
            var call = NextCall();
            try
            {
                await store.AppendAsync(call, CancellationToken.None);
            }
            catch (StoreUnreachableException full)
            {
                Assert.Contains("the disk is full", full.Message);
                return n;
            }
        }
        return most;
    }

    private static async Task<int> CountAsync(ICallStore store)
    {
        int count = 0;
        await foreach (var _ in store.ReadCallsAsync(new CallQuery(), CancellationToken.None))
            count++;
        return count;
    }

    private void Fill(long leaving)
    {
        using var ballast = File.OpenHandle(Ballast, FileMode.OpenOrCreate, FileAccess.Write);
        long length = RandomAccess.GetLength(ballast);
        long wanted = length + FreeBytes - leaving;
        RandomAccess.SetLength(ballast, Math.Min(length, wanted));
        var block = new byte[4096];
        for (long at = length; at + block.Length <= wanted; at += block.Length)
            RandomAccess.Write(ballast, block, at);
    }

    private bool Mount(int megabytes) =>
        _isMounted = Environment.IsPrivilegedProcess && Run("mount", "-t", "tmpfs", "-o", $"size={megabytes}m", "tmpfs", _folder) == 0;

    private static int Run(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true })!;
        process.WaitForExit();
        return process.ExitCode;
    }
}
