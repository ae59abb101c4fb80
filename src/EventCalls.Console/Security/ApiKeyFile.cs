using System.Text.Json;
using System.Text.Json.Serialization;

namespace EventCalls.Console.Security;

/// <summary>The file of the API keys. Only its owner may read it, and it is replaced as a whole.</summary>
public sealed class ApiKeyFile(string path)
{
    /// <summary>The path of the file.</summary>
    public string Path => path;

    /// <summary>The keys, also the revoked ones; none when there is no file.</summary>
    /// <exception cref="IOException">It cannot be read.</exception>
    /// <exception cref="FormatException">It is no file of keys.</exception>
    public IReadOnlyList<ApiKey> Read()
    {
        try
        {
            return JsonSerializer.Deserialize(File.ReadAllBytes(path), ApiKeyJson.Default.ListApiKey) ?? [];
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return [];
        }
        catch (UnauthorizedAccessException e)
        {
            throw new IOException($"The file of the API keys, '{path}', cannot be read: {e.Message}", e);
        }
        catch (JsonException e)
        {
            throw new FormatException($"'{path}' is no file of API keys as 'eventcalls keys' writes it: {e.Message}", e);
        }
    }

    /// <summary>Changes the keys; two programs at once do it one after the other.</summary>
    /// <exception cref="IOException">It cannot be written.</exception>
    public void Change(Func<IReadOnlyList<ApiKey>, IReadOnlyList<ApiKey>> change)
    {
        ArgumentNullException.ThrowIfNull(change);
        try
        {
            using var mine = new FileStream(path + ".lock", FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            string next = path + ".new";
            var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
            if (!OperatingSystem.IsWindows())
                options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
            using (var file = new FileStream(next, options))
            {
                JsonSerializer.Serialize(file, [.. change(Read())], ApiKeyJson.Default.ListApiKey);
                file.Flush(flushToDisk: true);
            }
            // Who reads it sees the old file or the new one, and never half of one.
            File.Move(next, path, overwrite: true);
        }
        catch (UnauthorizedAccessException e)
        {
            throw new IOException($"The file of the API keys, '{path}', cannot be written: {e.Message}", e);
        }
    }
}

/// <summary>How keys are kept.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = true)]
[JsonSerializable(typeof(List<ApiKey>))]
internal sealed partial class ApiKeyJson : JsonSerializerContext;
