using System.IO.Compression;

namespace EventCalls.Testing.Databases;

/// <summary>Databases as past versions left them: <c>sqlite-N.db</c>, and <c>postgres-N.sql</c> by <c>pg_dump --inserts</c>; N is the version of their tables.</summary>
/// <remarks>
/// 1: three REFER calls that a service recorded, its logic and its node. 2: 42 calls of any shape with 323 events, one with characters that databases
/// dislike, an event that came after its call's end, a version of logic, a node; the same in both. 3 to 6: those of 2 as a service of that
/// version brought them up to date when it started, with its own node beside (6: as its statements did).
/// </remarks>
public static class PastDatabase
{
    /// <summary>The file's bytes.</summary>
    /// <param name="name">Its name, such as <c>sqlite-1.db</c>.</param>
    public static byte[] Read(string name)
    {
        var path = Path.Combine(AppContext.BaseDirectory, "Databases", name);
        if (File.Exists(path))
            return File.ReadAllBytes(path);
        using var packed = new GZipStream(File.OpenRead(path + ".gz"), CompressionMode.Decompress);
        using var bytes = new MemoryStream();
        packed.CopyTo(bytes);
        return bytes.ToArray();
    }
}
