using EventCalls.Testing;

namespace EventCalls.Benchmarks.Running;

/// <summary>The built <c>eventcalls run</c>, as these measurements start it.</summary>
internal static class ServiceProcess
{
    private static readonly TimeSpan s_startLimit = TimeSpan.FromMinutes(2);

    /// <summary>Starts it and waits until it is ready.</summary>
    /// <param name="settings">Its settings.</param>
    /// <param name="folder">Where it runs.</param>
    /// <param name="roles">Its roles, as <c>--roles</c> has them; null for all.</param>
    /// <param name="more">Further arguments.</param>
    /// <param name="within">A program, with its arguments, that becomes this one; none for none.</param>
    /// <exception cref="InvalidOperationException">It ended instead; the message holds what it wrote.</exception>
    public static async Task<ChildProcess> StartAsync(ServiceSettings settings, string folder, string? roles = null, IReadOnlyList<string>? more = null, IReadOnlyList<string>? within = null)
    {
        string[] given = roles is null ? [] : ["--roles", roles];
        List<string> program = [.. within ?? [], "dotnet", Path.Combine(AppContext.BaseDirectory, "eventcalls.dll"), "run", .. given, .. more ?? []];
        var process = ChildProcess.Start(program[0], program.Skip(1), settings.Environment(), folder);
        try
        {
            await process.WaitForLineAsync(line => line == "ready", s_startLimit, CancellationToken.None);
            return process;
        }
        catch
        {
            await process.DisposeAsync();
            throw;
        }
    }
}
