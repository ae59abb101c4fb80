using EventCalls.Console.Security;

namespace EventCalls.Console.Tests;

/// <summary>A file of API keys.</summary>
internal sealed class Keys : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("eventcalls-keys-");

    public string Path => System.IO.Path.Combine(_folder.FullName, "keys.json");

    public ApiKeyFile File => new(Path);

    public string New(string name, ApiScope scope, bool listen = false, bool monitor = false)
    {
        var (token, key) = ApiKey.Make(name, scope, DateTimeOffset.UnixEpoch, listen, monitor);
        File.Change(all => [.. all, key]);
        return token;
    }

    public void Dispose() => _folder.Delete(recursive: true);
}
