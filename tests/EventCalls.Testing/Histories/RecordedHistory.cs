using System.Text;
using System.Text.Json;

namespace EventCalls.Testing.Histories;

/// <summary>One recorded call of <c>Histories</c>: what it is and what must come of it says the folder's README.md.</summary>
public sealed class RecordedHistory
{
    private static readonly string s_root = Path.Combine(AppContext.BaseDirectory, "Histories");

    private readonly string _path;

    private RecordedHistory(string path) => _path = path;

    /// <summary>The folders, one for each format.</summary>
    public static IReadOnlyList<string> Folders => [.. Directory.GetDirectories(s_root).Order(StringComparer.Ordinal)];

    /// <summary>The names of all histories, <c>v1/every-method</c>.</summary>
    public static IReadOnlyList<string> Names =>
    [
        .. from folder in Folders
           from path in Directory.GetFiles(folder, "*.jsonl").Order(StringComparer.Ordinal)
           select $"{Path.GetFileName(folder)}/{Path.GetFileNameWithoutExtension(path)}",
    ];

    /// <summary>The events' stored names and their JSON as it was stored.</summary>
    public IReadOnlyList<(string Type, byte[] Data)> Events => [.. File.ReadLines(_path).Select(Read)];

    /// <summary>What must come of it.</summary>
    public JsonElement Expected
    {
        get
        {
            using var document = JsonDocument.Parse(File.ReadAllBytes(Path.ChangeExtension(_path, ".expected.json")));
            return document.RootElement.Clone();
        }
    }

    /// <summary>The folder of the logic that decided it, <c>v1/logic/demo</c>.</summary>
    public string LogicFolder => $"{Path.GetFileName(Path.GetDirectoryName(_path))}/logic/{Expected.GetProperty("logic").GetString()}";

    /// <summary>The history of that name.</summary>
    public static RecordedHistory Of(string name) => new(Path.Combine(s_root, name + ".jsonl"));

    /// <summary>The files of a folder of logic, with their names.</summary>
    public static IReadOnlyList<(string Name, string Text)> Sources(string logicFolder) =>
        [.. Directory.GetFiles(Path.Combine(s_root, logicFolder)).Select(path => (Path.GetFileName(path), File.ReadAllText(path)))];

    private static (string Type, byte[] Data) Read(string line)
    {
        using var document = JsonDocument.Parse(line);
        return (document.RootElement.GetProperty("type").GetString()!, Encoding.UTF8.GetBytes(document.RootElement.GetProperty("data").GetRawText()));
    }
}
