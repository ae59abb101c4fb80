using EventCalls.Testing;

namespace EventCalls.Benchmarks.Outages;

/// <summary>A disk in memory of a few MiB that can be filled up. It needs the right to mount.</summary>
internal sealed class SmallDisk : IAsyncDisposable
{
    private SmallDisk(string folder) => Folder = folder;

    /// <summary>Where it is mounted.</summary>
    public string Folder { get; }

    private string Ballast => Path.Combine(Folder, "ballast");

    /// <exception cref="InvalidOperationException">It could not be mounted.</exception>
    public static async Task<SmallDisk> MountAsync(int mebibytes)
    {
        var folder = Directory.CreateTempSubdirectory("eventcalls-disk-").FullName;
        try
        {
            await RunAsync("mount", "-t", "tmpfs", "-o", $"size={mebibytes}m,mode=0777", "tmpfs", folder);
            return new SmallDisk(folder);
        }
        catch
        {
            Directory.Delete(folder);
            throw;
        }
    }

    /// <summary>Leaves no byte free.</summary>
    /// <exception cref="InvalidOperationException">There is room left.</exception>
    public void Fill()
    {
        var block = new byte[64 * 1024];
        // Without a buffer, which would be written once more when the file is closed.
        using var file = new FileStream(Ballast, FileMode.Create, FileAccess.Write, FileShare.Read, bufferSize: 0);
        for (int size = block.Length; size > 0; size /= 2)
        {
            try
            {
                while (true)
                {
                    file.Write(block, 0, size);
                }
            }
            catch (IOException)
            {
                // A smaller piece may still go.
            }
        }
        if (new DriveInfo(Folder).AvailableFreeSpace is > 4096 and var free)
            throw new InvalidOperationException($"{Folder} still has {free} bytes free.");
    }

    /// <summary>Gives the room back.</summary>
    public void Free() => File.Delete(Ballast);

    public async ValueTask DisposeAsync()
    {
        await RunAsync("umount", "-l", Folder);
        Directory.Delete(Folder);
    }

    private static async Task RunAsync(string program, params string[] arguments)
    {
        await using var run = ChildProcess.Start(program, arguments);
        if (await run.Exited != 0)
            throw new InvalidOperationException($"{program} {string.Join(' ', arguments)} failed.\n{run.Describe()}");
    }
}
