using System.Text.Json;
using EventCalls.Contracts;
using Microsoft.Extensions.Logging;

namespace EventCalls.Bus.Outage;

/// <summary>The sources of logic versions that calls were decided with while the broker was away: a file each, until the broker has them.</summary>
internal sealed class SpooledVersions
{
    private readonly string _folder;
    private readonly ILogger _logger;
    private readonly Lock _gate = new();
    private readonly Dictionary<string, LogicVersionLoaded> _waiting = new(StringComparer.Ordinal);

    /// <summary>Reads what earlier runs left.</summary>
    public SpooledVersions(string folder, ILogger logger)
    {
        (_folder, _logger) = (folder, logger);
        foreach (string path in Directory.Exists(folder) ? Directory.EnumerateFiles(folder, "*.json") : [])
        {
            try
            {
                if (JsonSerializer.Deserialize<LogicVersionLoaded>(File.ReadAllBytes(path)) is { } version)
                    _waiting[version.Version] = version;
            }
            catch (Exception e) when (e is IOException or JsonException or UnauthorizedAccessException)
            {
                logger.LogError("{File} cannot be read; it is left as it is, and the logic in it is not on record: {Problem}", path, e.Message);
            }
        }
    }

    /// <summary>What the broker does not have yet.</summary>
    public IReadOnlyList<LogicVersionLoaded> Waiting
    {
        get
        {
            lock (_gate)
                return [.. _waiting.Values];
        }
    }

    /// <summary>Keeps a version; in memory alone, with a warning, when the disk does not take it.</summary>
    public void Add(LogicVersionLoaded version)
    {
        lock (_gate)
        {
            if (!_waiting.TryAdd(version.Version, version))
                return;
            try
            {
                Directory.CreateDirectory(_folder);
                string part = PathOf(version) + ".part";
                using (var file = File.Create(part))
                {
                    JsonSerializer.Serialize(file, version);
                    file.Flush(flushToDisk: true);
                }
                File.Move(part, PathOf(version), overwrite: true);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                _logger.LogWarning("The sources of the routing logic {Version} could not be kept in {Folder}; they are lost if the process ends before the broker is back: {Problem}", version.Version, _folder, e.Message);
            }
        }
    }

    /// <summary>The broker has it.</summary>
    public void Remove(LogicVersionLoaded version)
    {
        lock (_gate)
        {
            _waiting.Remove(version.Version);
            try
            {
                if (Directory.Exists(_folder))
                    File.Delete(PathOf(version));
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                // Sent again at the next start it changes nothing.
                _logger.LogWarning("{File}, which the broker has, could not be deleted: {Problem}", PathOf(version), e.Message);
            }
        }
    }

    private string PathOf(LogicVersionLoaded version) =>
        Path.Combine(_folder, new string([.. version.Version.Select(c => char.IsAsciiLetterOrDigit(c) ? c : '-')]) + ".json");
}
