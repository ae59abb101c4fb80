using System.Diagnostics;

namespace EventCalls.Replay.Tests;

/// <summary>The Python webhook of docs/examples, with functions of a test.</summary>
internal sealed class PythonService : IAsyncDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("eventcalls-functions-").FullName;
    private Process? _python;
    private Task<string> _errors = Task.FromResult("");

    /// <summary>Adds a function of that name, with its body.</summary>
    public PythonService With(string name, string body)
    {
        string indented = string.Join('\n', body.Split('\n').Select(line => $"    {line}"));
        File.WriteAllText(Path.Combine(_folder, $"{name}.py"), $"def {name}(conv):\n{indented}\n");
        return this;
    }

    /// <summary>Serves them until it is disposed.</summary>
    public async Task<Uri> StartAsync()
    {
        string example = Path.Combine(Root(), "docs", "examples", "python-functions");
        _python = Process.Start(new ProcessStartInfo("python3", ["-B", Path.Combine(example, "serve.py"), _folder, "--port", "0"])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        _errors = _python.StandardError.ReadToEndAsync();
        string? line = await _python.StandardOutput.ReadLineAsync().WaitAsync(TimeSpan.FromSeconds(60));
        return new Uri((line ?? throw new InvalidOperationException(await _errors)).Split(' ')[^1]);
    }

    public async ValueTask DisposeAsync()
    {
        if (_python is { } python)
        {
            python.Kill(entireProcessTree: true);
            await python.WaitForExitAsync();
            await _errors;
            python.Dispose();
        }

        Directory.Delete(_folder, recursive: true);
    }

    private static string Root()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "EventCalls.sln")))
            folder = folder.Parent!;
        return folder.FullName;
    }
}
