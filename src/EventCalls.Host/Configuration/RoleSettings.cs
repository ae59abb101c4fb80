using EventCalls.Bus;
using EventCalls.Routing;
using EventCalls.Store;

namespace EventCalls.Host.Configuration;

/// <summary>What the roles of a process need of the configuration before it may start.</summary>
internal static class RoleSettings
{
    /// <summary>What is missing or cannot be used, one line each, with its key and what to do.</summary>
    public static IReadOnlyList<string> Problems(Settings settings, IReadOnlySet<Role> roles)
    {
        var problems = new List<string>();
        if (roles.Contains(Role.Router) && LogicProblem(settings) is { } logic)
            problems.Add(logic);
        string? file = UsesStore(settings, roles) && settings.Store.Postgres is null ? WritableFile.Problem(settings.Store.Sqlite!) : null;
        if (file is not null)
            problems.Add($"{KeyReader.Section}:Store:Sqlite is '{settings.Store.Sqlite}'; {file}");
        // One beside the file has the file's problem, and goes where that goes.
        bool isBeside = file is not null && settings.Spool.Folder.StartsWith(settings.Store.Sqlite!, StringComparison.Ordinal);
        if (KeepsSpool(settings, roles) && !isBeside && WritableFolder.Problem(settings.Spool.Folder) is { } folder)
        {
            problems.Add($"{KeyReader.Section}:Store:Spool is '{settings.Spool.Folder}'; {folder}"
                + (DecidesAlone(settings, roles) ? $", or set {KeyReader.Section}:Routing:WhenBusIsAway to 'default': then calls wait for the broker, and nothing is kept here" : ""));
        }
        return problems;
    }

    /// <summary>Whether the process goes on without its broker, while that is away.</summary>
    public static bool DecidesAlone(Settings settings, IReadOnlySet<Role> roles) =>
        settings.Bus is { RabbitMq: not null, WhenAway: BusAwayMode.Decide } && roles.Contains(Role.Ingress) && roles.Contains(Role.Router);

    /// <summary>Whether the process serves HTTP.</summary>
    public static bool ServesHttp(Settings settings, IReadOnlySet<Role> roles) => settings.Http.Listen is not null && roles.Contains(Role.Console);

    /// <summary>Whether the process opens the store.</summary>
    public static bool UsesStore(Settings settings, IReadOnlySet<Role> roles) => roles.Contains(Role.Recorder) || ServesHttp(settings, roles) || (roles.Contains(Role.Router) && settings.Router.LogicFrom == LogicFrom.Store);

    /// <summary>Whether events are kept on disk on their way: for the broker while that is away, or without one for the store.</summary>
    public static bool KeepsSpool(Settings settings, IReadOnlySet<Role> roles) =>
        DecidesAlone(settings, roles) || (settings.Bus.RabbitMq is null && roles.Contains(Role.Recorder));

    /// <exception cref="SettingsException">The process may not start like this.</exception>
    public static void Check(Settings settings, IReadOnlySet<Role> roles)
    {
        if (Problems(settings, roles) is { Count: > 0 } problems)
            throw new SettingsException(problems);
    }

    // Calls of real people are not decided by a sample, and not by nothing: that somebody forgot the logic must show at once.
    private static string? LogicProblem(Settings settings)
    {
        const string Key = $"{KeyReader.Section}:Routing:Logic";
        if (settings.Router.Webhook is not null)
            return null;
        if (settings.Router.LogicPath is not { } path)
            return $"{Key} is not set; name the folder of the routing logic, or a web service that decides in {KeyReader.Section}:Routing:Webhook:Url ('eventcalls demo' runs without either, and --roles leaves the router out)";
        if (!Directory.Exists(path))
            return $"{Key} is '{path}'; there is no such folder: make it and put routing logic into it, or name the right one";
        try
        {
            return Directory.EnumerateFiles(path, "*.cs", SearchOption.AllDirectories).Any()
                ? null
                : $"{Key} is '{path}'; there is no routing logic in it (no *.cs file): put some there, or name the right folder";
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return $"{Key} is '{path}'; it cannot be read ({e.Message.TrimEnd('.')}): give user {Environment.UserName} the right to, or name another folder";
        }
    }
}
